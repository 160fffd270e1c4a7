// Command pulumi-resource-command is a stand-in for Pulumi's Command plugin, with the same tokens,
// inputs, outputs and behaviour. It exists for places where the plugin itself cannot be had.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"
	"github.com/pulumi/pulumi-go-provider/middleware/schema"

	"swarmyard.local/airgap/command-plugin/local"
	"swarmyard.local/airgap/command-plugin/remote"
	"swarmyard.local/airgap/parent"
)

// version is set by the linker to the version of the npm package that this plugin answers.
var version = "0.0.0-dev"

// farewell is how long running commands may take to end once the plugin has to go.
const farewell = 900 * time.Millisecond

func main() {
	provider, running := countRunning(infer.Provider(infer.Options{
		Metadata: schema.Metadata{DisplayName: "Command"},
		Resources: []infer.InferredResource{
			infer.Resource(&remote.Command{}),
			infer.Resource(&remote.CopyToRemote{}),
			infer.Resource(&local.Command{}),
		},
	}))
	leave := func(code int) {
		_ = provider.Cancel(context.Background())
		running.wait(farewell)
		os.Exit(code)
	}
	parent.OnDeath(func() { leave(1) })
	leaveOnSignal(leave)

	err := provider.Run(context.Background(), "command", strings.TrimPrefix(version, "v"))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// leaveOnSignal ends the plugin on what the engine sends when it is done with it.
func leaveOnSignal(leave func(code int)) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		leave(0)
	}()
}
