package main

import (
	"context"
	"sync/atomic"
	"time"

	p "github.com/pulumi/pulumi-go-provider"
)

// running counts the operations that have begun and not ended.
type running struct{ count atomic.Int64 }

func (r *running) begin() (end func()) {
	r.count.Add(1)
	return func() { r.count.Add(-1) }
}

// wait returns when nothing runs any more, or after limit.
func (r *running) wait(limit time.Duration) {
	for deadline := time.Now().Add(limit); r.count.Load() > 0 && time.Now().Before(deadline); {
		time.Sleep(10 * time.Millisecond)
	}
}

// countRunning returns the provider with its changing operations counted.
func countRunning(provider p.Provider) (p.Provider, *running) {
	operations := &running{}
	create, update, del := provider.Create, provider.Update, provider.Delete
	provider.Create = func(ctx context.Context, req p.CreateRequest) (p.CreateResponse, error) {
		defer operations.begin()()
		return create(ctx, req)
	}
	provider.Update = func(ctx context.Context, req p.UpdateRequest) (p.UpdateResponse, error) {
		defer operations.begin()()
		return update(ctx, req)
	}
	provider.Delete = func(ctx context.Context, req p.DeleteRequest) error {
		defer operations.begin()()
		return del(ctx, req)
	}
	return provider, operations
}
