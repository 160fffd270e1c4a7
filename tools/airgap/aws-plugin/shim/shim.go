// Package shim stands under the Terraform provider's own import path, the only place from which
// Go lets its internal packages be imported, and hands the provider out.
package shim

import (
	"context"

	framework "github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	frameworkhalf "github.com/hashicorp/terraform-provider-aws/internal/provider/framework"
	"github.com/hashicorp/terraform-provider-aws/internal/provider/sdkv2"
)

// AWS returns both halves of the Terraform provider for AWS; they share one configuration.
func AWS(ctx context.Context) (*schema.Provider, framework.Provider, error) {
	older, err := sdkv2.NewProvider(ctx)
	if err != nil {
		return nil, nil, err
	}
	newer, err := frameworkhalf.NewProvider(ctx, older)
	return older, newer, err
}
