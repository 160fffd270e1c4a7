package local

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	p "github.com/pulumi/pulumi-go-provider"

	"swarmyard.local/airgap/command-plugin/capture"
)

// grace is how long a cancelled command may take to end after it was told to.
const grace = 500 * time.Millisecond

// run executes text with the interpreter of the state and puts what it printed into the state.
func (s *CommandOutputs) run(ctx context.Context, text string) error {
	arguments := append(s.interpreter(), text)
	output := capture.New(s.Logging, p.GetLogger(ctx).InfoStatus)
	command := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	command.Stdout, command.Stderr = output.Stdout, output.Stderr
	command.Env = append(os.Environ(), s.environment()...)
	if s.Dir != nil {
		command.Dir = *s.Dir
	}
	if s.Stdin != nil && *s.Stdin != "" {
		command.Stdin = strings.NewReader(*s.Stdin)
	}
	endWithChildren(command)

	err := command.Run()
	output.Close()
	if err != nil {
		return fmt.Errorf("%w: running %q:\n%s", err, text, output.Both())
	}
	s.Stdout, s.Stderr = output.Texts()
	return nil
}

// endWithChildren makes a cancelled command end together with what it started.
func endWithChildren(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	command.WaitDelay = grace
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGTERM) }
}

func (s *CommandOutputs) interpreter() []string {
	if len(s.Interpreter) > 0 {
		return append([]string(nil), s.Interpreter...)
	}
	return []string{"/bin/sh", "-c"}
}

// environment lists what the command gets in addition to the environment of the plugin.
func (s *CommandOutputs) environment() []string {
	var pairs []string
	for key, value := range s.Environment {
		pairs = append(pairs, key+"="+value)
	}
	if s.AddPreviousOutputInEnv == nil || *s.AddPreviousOutputInEnv {
		if s.Stdout != "" {
			pairs = append(pairs, "PULUMI_COMMAND_STDOUT="+s.Stdout)
		}
		if s.Stderr != "" {
			pairs = append(pairs, "PULUMI_COMMAND_STDERR="+s.Stderr)
		}
	}
	return pairs
}
