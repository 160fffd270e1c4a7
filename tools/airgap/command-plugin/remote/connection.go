// Package remote runs commands on other machines and copies files to them, over SSH.
package remote

import (
	"net"
	"strconv"
	"time"

	"github.com/pulumi/pulumi-go-provider/infer"
)

const (
	defaultUser           = "root"
	defaultPort           = 22
	defaultDialErrorLimit = 10
	defaultPerDialTimeout = 15
	unlimitedDialErrors   = -1
)

// endpoint is one machine and how to log in to it.
type endpoint struct {
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional"           provider:"secret"`
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional"         provider:"secret"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional" provider:"secret"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
}

// Connection is a machine, reached directly or through a proxy.
type Connection struct {
	endpoint
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

// ProxyConnection is the machine through which another one is reached.
type ProxyConnection struct{ endpoint }

// Annotate sets the defaults of a connection.
func (c *Connection) Annotate(a infer.Annotator) { c.annotate(a) }

// Annotate sets the defaults of a proxy.
func (c *ProxyConnection) Annotate(a infer.Annotator) { c.annotate(a) }

func (e *endpoint) annotate(a infer.Annotator) {
	a.SetDefault(&e.User, defaultUser)
	a.SetDefault(&e.Port, defaultPort)
	a.SetDefault(&e.DialErrorLimit, defaultDialErrorLimit)
	a.SetDefault(&e.PerDialTimeout, defaultPerDialTimeout)
}

func orDefault[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}

func (e *endpoint) user() string { return orDefault(e.User, defaultUser) }

func (e *endpoint) address() string {
	port := int(orDefault(e.Port, float64(defaultPort)))
	return net.JoinHostPort(e.Host, strconv.Itoa(port))
}

func (e *endpoint) errorLimit() int { return orDefault(e.DialErrorLimit, defaultDialErrorLimit) }

// perDial is the time one attempt may take; zero sets no limit.
func (e *endpoint) perDial() time.Duration {
	return time.Duration(orDefault(e.PerDialTimeout, defaultPerDialTimeout)) * time.Second
}
