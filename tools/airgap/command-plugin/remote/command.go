package remote

import (
	"context"

	"github.com/pulumi/pulumi-go-provider/infer"

	"swarmyard.local/airgap/command-plugin/capture"
	"swarmyard.local/airgap/command-plugin/lifecycle"
)

// Command is the resource command:remote:Command.
type Command struct{}

// CommandInputs are the inputs of a remote command.
type CommandInputs struct {
	Triggers               *[]any            `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Create                 *string           `pulumi:"create,optional"`
	Update                 *string           `pulumi:"update,optional"`
	Delete                 *string           `pulumi:"delete,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Logging                *capture.Logging  `pulumi:"logging,optional"`
	Connection             *Connection       `pulumi:"connection" provider:"secret"`
	Environment            map[string]string `pulumi:"environment,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// CommandOutputs are the inputs and what the last command that ran printed.
type CommandOutputs struct {
	CommandInputs
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

var (
	_ infer.CustomResource[CommandInputs, CommandOutputs] = (*Command)(nil)
	_ infer.CustomUpdate[CommandInputs, CommandOutputs]   = (*Command)(nil)
	_ infer.CustomDelete[CommandOutputs]                  = (*Command)(nil)
)

// Create runs the create command.
func (*Command) Create(
	ctx context.Context, req infer.CreateRequest[CommandInputs],
) (infer.CreateResponse[CommandOutputs], error) {
	state := CommandOutputs{CommandInputs: req.Inputs}
	return lifecycle.Create(ctx, req, &state, state.run, req.Inputs.Create)
}

// Update runs the update command, or the create command when there is no other.
func (*Command) Update(
	ctx context.Context, req infer.UpdateRequest[CommandInputs, CommandOutputs],
) (infer.UpdateResponse[CommandOutputs], error) {
	state := CommandOutputs{
		CommandInputs: req.Inputs, Stdout: req.State.Stdout, Stderr: req.State.Stderr,
	}
	return lifecycle.Update(ctx, req, &state, state.run, req.Inputs.Update, req.Inputs.Create)
}

// Delete runs the delete command on the connection that the state holds.
func (*Command) Delete(
	ctx context.Context, req infer.DeleteRequest[CommandOutputs],
) (infer.DeleteResponse, error) {
	return lifecycle.Delete(ctx, req.State.run, req.State.Delete)
}
