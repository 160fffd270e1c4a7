// Package lifecycle runs the commands of a resource when it is created, updated and deleted.
package lifecycle

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// Run runs one command text and keeps what it printed in the state that it belongs to.
type Run func(ctx context.Context, text string) error

// Create names the resource and runs its create command, but not in a preview.
func Create[I, O any](
	ctx context.Context, req infer.CreateRequest[I], state *O, run Run, create *string,
) (infer.CreateResponse[O], error) {
	id, err := resource.NewUniqueHex(req.Name, 8, 0)
	if err == nil && !req.DryRun && create != nil {
		err = run(ctx, *create)
	}
	return infer.CreateResponse[O]{ID: id, Output: *state}, err
}

// Update runs the update command, or the create command when there is no other.
func Update[I, O any](
	ctx context.Context, req infer.UpdateRequest[I, O], state *O, run Run, update, create *string,
) (infer.UpdateResponse[O], error) {
	if update == nil {
		update = create
	}
	var err error
	if !req.DryRun && update != nil {
		err = run(ctx, *update)
	}
	return infer.UpdateResponse[O]{Output: *state}, err
}

// Delete runs the delete command when there is one.
func Delete(ctx context.Context, run Run, text *string) (infer.DeleteResponse, error) {
	if text == nil {
		return infer.DeleteResponse{}, nil
	}
	return infer.DeleteResponse{}, run(ctx, *text)
}
