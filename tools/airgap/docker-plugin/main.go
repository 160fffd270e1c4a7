// Command pulumi-resource-docker serves the Terraform provider for Docker to Pulumi through the
// Terraform bridge. It has every resource that the bridge can serve without a schema of its own;
// the native docker.Image resource is not among them.
package main

import (
	"os"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	sdkv2 "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim/sdk-v2"
	"github.com/terraform-providers/terraform-provider-docker/shim"

	"swarmyard.local/airgap/parent"
)

const packageName = "docker"

// version is set by the linker to the version of the npm package that this plugin answers.
var version = "0.0.0-dev"

func resourceTokens() map[string]*tfbridge.ResourceInfo {
	names := map[string]string{
		"docker_config":         "ServiceConfig",
		"docker_container":      "Container",
		"docker_image":          "RemoteImage",
		"docker_network":        "Network",
		"docker_plugin":         "Plugin",
		"docker_registry_image": "RegistryImage",
		"docker_secret":         "Secret",
		"docker_service":        "Service",
		"docker_tag":            "Tag",
		"docker_volume":         "Volume",
	}
	infos := make(map[string]*tfbridge.ResourceInfo, len(names))
	for terraform, pulumi := range names {
		infos[terraform] = &tfbridge.ResourceInfo{Tok: tfbridge.MakeResource(packageName, "index", pulumi)}
	}
	return infos
}

func dataSourceTokens() map[string]*tfbridge.DataSourceInfo {
	names := map[string]string{
		"docker_image":          "getRemoteImage",
		"docker_network":        "getNetwork",
		"docker_plugin":         "getPlugin",
		"docker_registry_image": "getRegistryImage",
	}
	infos := make(map[string]*tfbridge.DataSourceInfo, len(names))
	for terraform, pulumi := range names {
		infos[terraform] = &tfbridge.DataSourceInfo{Tok: tfbridge.MakeDataSource(packageName, "index", pulumi)}
	}
	return infos
}

func main() {
	parent.OnDeath(func() { os.Exit(1) })
	release := strings.TrimPrefix(version, "v")
	info := tfbridge.ProviderInfo{
		P:           sdkv2.NewProvider(shim.Docker(release)),
		Name:        packageName,
		Version:     release,
		Resources:   resourceTokens(),
		DataSources: dataSourceTokens(),
	}
	tfbridge.Main(packageName, release, info, []byte("{}"))
}
