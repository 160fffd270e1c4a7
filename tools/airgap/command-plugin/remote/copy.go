package remote

import (
	"context"

	"github.com/pkg/sftp"
	p "github.com/pulumi/pulumi-go-provider"
	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/infer/types"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// CopyToRemote is the resource command:remote:CopyToRemote.
type CopyToRemote struct{}

// CopyToRemoteInputs are the inputs of a copy.
type CopyToRemoteInputs struct {
	Connection *Connection          `pulumi:"connection"        provider:"secret"`
	Triggers   *[]any               `pulumi:"triggers,optional" provider:"replaceOnChanges"`
	Source     types.AssetOrArchive `pulumi:"source"`
	RemotePath string               `pulumi:"remotePath"`
}

// CopyToRemoteOutputs are the inputs of the copy that was made last.
type CopyToRemoteOutputs struct{ CopyToRemoteInputs }

var (
	_ infer.CustomResource[CopyToRemoteInputs, CopyToRemoteOutputs] = (*CopyToRemote)(nil)
	_ infer.CustomCheck[CopyToRemoteInputs]                         = (*CopyToRemote)(nil)
	_ infer.CustomUpdate[CopyToRemoteInputs, CopyToRemoteOutputs]   = (*CopyToRemote)(nil)
)

// Check refuses sources that cannot be copied.
func (*CopyToRemote) Check(
	ctx context.Context, req infer.CheckRequest,
) (infer.CheckResponse[CopyToRemoteInputs], error) {
	inputs, failures, err := infer.DefaultCheck[CopyToRemoteInputs](ctx, req.NewInputs)
	// A source that is not known yet says nothing about what it will be.
	if source, given := req.NewInputs.GetOk("source"); err == nil && given && !source.IsComputed() {
		if reason := sourceProblem(inputs.Source); reason != "" {
			failures = append(failures, p.CheckFailure{Property: "source", Reason: reason})
		}
	}
	return infer.CheckResponse[CopyToRemoteInputs]{Inputs: inputs, Failures: failures}, err
}

// sourceProblem says what is wrong with a source, or nothing.
func sourceProblem(source types.AssetOrArchive) string {
	asset, archive := source.Asset, source.Archive
	switch {
	case asset != nil && archive != nil:
		return "only one of asset or archive can be set"
	case asset == nil && archive == nil:
		return "either asset or archive must be set"
	case asset != nil && !asset.IsPath() && !asset.IsText():
		return "asset must be a path-based file asset or a text asset"
	case archive != nil && !archive.IsPath():
		return "archive must be a path to a file or directory"
	}
	return ""
}

// Create copies the source.
func (*CopyToRemote) Create(
	ctx context.Context, req infer.CreateRequest[CopyToRemoteInputs],
) (infer.CreateResponse[CopyToRemoteOutputs], error) {
	state := CopyToRemoteOutputs{req.Inputs}
	id, err := resource.NewUniqueHex("", 8, 0)
	if err == nil && !req.DryRun {
		err = req.Inputs.copy(ctx)
	}
	return infer.CreateResponse[CopyToRemoteOutputs]{ID: id, Output: state}, err
}

// Update copies again when what is copied or where to has changed, and else only keeps the inputs.
func (*CopyToRemote) Update(
	ctx context.Context, req infer.UpdateRequest[CopyToRemoteInputs, CopyToRemoteOutputs],
) (infer.UpdateResponse[CopyToRemoteOutputs], error) {
	var err error
	if !req.DryRun && changed(req.State.CopyToRemoteInputs, req.Inputs) {
		err = req.Inputs.copy(ctx)
	}
	return infer.UpdateResponse[CopyToRemoteOutputs]{Output: CopyToRemoteOutputs{req.Inputs}}, err
}

func changed(before, after CopyToRemoteInputs) bool {
	return before.hash() != after.hash() || before.RemotePath != after.RemotePath
}

func (c CopyToRemoteInputs) hash() string {
	switch {
	case c.Source.Asset != nil:
		return c.Source.Asset.Hash
	case c.Source.Archive != nil:
		return c.Source.Archive.Hash
	}
	return ""
}

// copy sends the source; when ctx ends it hangs up, which ends the transfer.
func (c CopyToRemoteInputs) copy(ctx context.Context) error {
	connected, err := c.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer connected.Close()
	stop := context.AfterFunc(ctx, func() { _ = connected.Close() })
	defer stop()
	files, err := sftp.NewClient(connected.Client, sftp.UseConcurrentWrites(true))
	if err != nil {
		return err
	}
	defer files.Close()
	target := upload{files}
	switch {
	case c.Source.Archive != nil:
		return target.path(c.Source.Archive.Path, c.RemotePath)
	case c.Source.Asset.IsText():
		return target.text(c.Source.Asset.Text, c.RemotePath)
	}
	return target.path(c.Source.Asset.Path, c.RemotePath)
}
