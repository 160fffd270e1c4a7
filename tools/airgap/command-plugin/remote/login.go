package remote

import (
	"fmt"
	"net"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// login makes the SSH client's settings. The returned function closes the connection to the agent.
func (e *endpoint) login() (*ssh.ClientConfig, func(), error) {
	config := &ssh.ClientConfig{User: e.user()}
	if err := e.pinHostKey(config); err != nil {
		return nil, nil, err
	}
	if e.PrivateKey != nil {
		signer, err := e.signer()
		if err != nil {
			return nil, nil, fmt.Errorf("the private key for %s cannot be read: %w", e.Host, err)
		}
		config.Auth = append(config.Auth, ssh.PublicKeys(signer))
	}
	if e.Password != nil {
		config.Auth = append(config.Auth, ssh.Password(*e.Password), answerWith(*e.Password))
	}
	closeAgent, err := e.addAgent(config)
	return config, closeAgent, err
}

// pinHostKey accepts exactly the given key, and any key when none is given.
func (e *endpoint) pinHostKey(config *ssh.ClientConfig) error {
	if e.HostKey == nil {
		config.HostKeyCallback = ssh.InsecureIgnoreHostKey()
		return nil
	}
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*e.HostKey))
	if err != nil {
		return fmt.Errorf("failed to parse host key: %w", err)
	}
	config.HostKeyCallback = ssh.FixedHostKey(key)
	config.HostKeyAlgorithms = []string{key.Type()}
	return nil
}

func (e *endpoint) signer() (ssh.Signer, error) {
	if e.PrivateKeyPassword != nil {
		return ssh.ParsePrivateKeyWithPassphrase([]byte(*e.PrivateKey), []byte(*e.PrivateKeyPassword))
	}
	return ssh.ParsePrivateKey([]byte(*e.PrivateKey))
}

func answerWith(password string) ssh.AuthMethod {
	return ssh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
		answers := make([]string, len(questions))
		for i := range answers {
			answers[i] = password
		}
		return answers, nil
	})
}

// addAgent adds the keys of the agent. An agent that is named but does not answer is an error, also
// when there is a private key: that is what the plugin does for which this one stands in.
func (e *endpoint) addAgent(config *ssh.ClientConfig) (func(), error) {
	socket := orDefault(e.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK"))
	if socket == "" {
		return func() {}, nil
	}
	conn, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	config.Auth = append(config.Auth, ssh.PublicKeysCallback(agent.NewClient(conn).Signers))
	return func() { _ = conn.Close() }, nil
}
