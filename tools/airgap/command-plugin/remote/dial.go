package remote

import (
	"context"
	"fmt"
	"net"
	"time"

	"golang.org/x/crypto/ssh"
)

// client is a logged-in connection, with whatever it was made through.
type client struct {
	*ssh.Client
	proxy *client
}

// Close ends the connection and the one to its proxy.
func (c *client) Close() error {
	err := c.Client.Close()
	if c.proxy != nil {
		_ = c.proxy.Close()
	}
	return err
}

type dialer func(ctx context.Context, address string) (net.Conn, error)

// dial logs in to the machine, through its proxy when it has one.
func (c *Connection) dial(ctx context.Context) (*client, error) {
	if c.Proxy == nil {
		return c.connect(ctx, "Dial", directly)
	}
	proxy, err := c.Proxy.connect(ctx, "Dial proxy", directly)
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	through := func(ctx context.Context, address string) (net.Conn, error) {
		return proxy.DialContext(ctx, "tcp", address)
	}
	target, err := c.connect(ctx, "Dial from proxy", through)
	if err != nil {
		_ = proxy.Close()
		return nil, fmt.Errorf("proxy: %w", err)
	}
	target.proxy = proxy
	return target, nil
}

func directly(ctx context.Context, address string) (net.Conn, error) {
	return (&net.Dialer{}).DialContext(ctx, "tcp", address)
}

// connect dials and logs in, again and again as often as the endpoint's limit says.
func (e *endpoint) connect(ctx context.Context, what string, open dialer) (*client, error) {
	config, closeAgent, err := e.login()
	if err != nil {
		return nil, err
	}
	defer closeAgent()
	return retry(ctx, what, e.errorLimit(), func() (*client, error) {
		return e.attempt(ctx, open, config)
	})
}

// attempt is one try, limited as a whole: a host that accepts and stays silent must not hang it.
func (e *endpoint) attempt(ctx context.Context, open dialer, config *ssh.ClientConfig) (*client, error) {
	if limit := e.perDial(); limit > 0 {
		limited, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		ctx = limited
	}
	conn, err := open(ctx, e.address())
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
	transport, channels, requests, err := ssh.NewClientConn(conn, e.address(), config)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, explain(ctx, err, e.perDial())
	}
	return &client{Client: ssh.NewClient(transport, channels, requests)}, nil
}

// explain says that an attempt ran out of time, which otherwise looks like a closed connection.
func explain(ctx context.Context, err error, limit time.Duration) error {
	if ctx.Err() == context.DeadlineExceeded {
		return fmt.Errorf("no SSH login within %s: %w", limit, err)
	}
	return err
}
