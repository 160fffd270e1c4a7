// Package shim stands under the Terraform provider's own import path, the only place from which
// Go lets its internal packages be imported, and hands the provider out.
package shim

import (
	"github.com/hashicorp/terraform-plugin-sdk/v2/helper/schema"
	"github.com/terraform-providers/terraform-provider-docker/internal/provider"
)

// Docker returns the Terraform provider for Docker; release is what it reports as its version.
func Docker(release string) *schema.Provider {
	return provider.New(release)()
}
