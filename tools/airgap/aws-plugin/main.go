// Command pulumi-resource-aws serves the Terraform provider for AWS to Pulumi through the Terraform
// bridge: both halves of it (the older SDK and the framework), and of them only what this project uses.
package main

import (
	"context"
	"log"
	"os"
	"strings"

	"github.com/hashicorp/terraform-provider-aws/shim"
	pfbridge "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/pf/tfbridge"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/x/muxer"
	"github.com/pulumi/pulumi-terraform-bridge/v3/unstable/metadata"

	"swarmyard.local/airgap/parent"
)

const packageName = "aws"

// longestName is the length that names made from those of resources may have.
const longestName = 255

// version is set by the linker to the version of the npm package that this plugin answers.
var version = "0.0.0-dev"

// dispatcher knows which half of a muxed provider serves which resource.
type dispatcher interface {
	ResolveDispatch(*tfbridge.ProviderInfo) (muxer.DispatchTable, error)
}

func provider(ctx context.Context) (tfbridge.ProviderInfo, error) {
	primary, secondary, err := shim.AWS(ctx)
	if err != nil {
		return tfbridge.ProviderInfo{}, err
	}
	info := tfbridge.ProviderInfo{
		P:            pfbridge.MuxShimWithPF(ctx, sdkv2.NewProvider(primary), secondary),
		Name:         packageName,
		Version:      strings.TrimPrefix(version, "v"),
		Resources:    resourceTokens(),
		DataSources:  dataSourceTokens(),
		MetadataInfo: tfbridge.NewProviderMetadata([]byte("{}")),
	}
	info.SetAutonaming(longestName, "-")
	table, err := info.P.(dispatcher).ResolveDispatch(&info)
	if err != nil {
		return info, err
	}
	return info, metadata.Set(info.GetMetadata(), "mux", table)
}

func main() {
	parent.OnDeath(func() { os.Exit(1) })
	ctx := context.Background()
	info, err := provider(ctx)
	if err != nil {
		log.Fatal(err)
	}
	pfbridge.MainWithMuxer(ctx, packageName, info, []byte(`{"name":"aws"}`))
}
