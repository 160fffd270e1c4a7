package remote

import (
	"context"
	"fmt"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"

	"swarmyard.local/airgap/command-plugin/capture"
)

const (
	previousStdout = "PULUMI_COMMAND_STDOUT"
	previousStderr = "PULUMI_COMMAND_STDERR"
)

// run executes text on the machine of the state and puts what it printed into the state.
func (s *CommandOutputs) run(ctx context.Context, text string) error {
	connected, err := s.Connection.dial(ctx)
	if err != nil {
		return err
	}
	defer connected.Close()
	session, err := connected.NewSession()
	if err != nil {
		return err
	}
	defer session.Close()
	if err := s.setEnvironment(ctx, session); err != nil {
		return err
	}
	if s.Stdin != nil && *s.Stdin != "" {
		session.Stdin = strings.NewReader(*s.Stdin)
	}
	output := capture.New(s.Logging, p.GetLogger(ctx).InfoStatus)
	session.Stdout, session.Stderr = output.Stdout, output.Stderr

	err = runUntilCancelled(ctx, connected, session, text)
	output.Close()
	if err != nil {
		return fmt.Errorf("%w: running %q:\n%s", err, text, output.Both())
	}
	s.Stdout, s.Stderr = output.Texts()
	return nil
}

// setEnvironment passes the variables, which a server takes only where AcceptEnv names them: what
// was asked for is an error, what comes from the last run a warning.
func (s *CommandOutputs) setEnvironment(ctx context.Context, session *ssh.Session) error {
	for key, value := range s.Environment {
		if err := session.Setenv(key, value); err != nil {
			p.GetLogger(ctx).Error(refusedVariable(key))
			return fmt.Errorf("could not set environment variable %q: %w", key, err)
		}
	}
	if !orDefault(s.AddPreviousOutputInEnv, true) {
		return nil
	}
	for _, previous := range []struct{ key, value string }{
		{previousStdout, s.Stdout}, {previousStderr, s.Stderr},
	} {
		if previous.value == "" {
			continue
		}
		if err := session.Setenv(previous.key, previous.value); err != nil {
			p.GetLogger(ctx).Warning(refusedVariable(previous.key))
		}
	}
	return nil
}

func refusedVariable(key string) string {
	return fmt.Sprintf("Unable to set '%s': the SSH server takes only variables that its AcceptEnv "+
		"names. Write 'VAR=value command' instead, or pass the value by stdin.", key)
}
