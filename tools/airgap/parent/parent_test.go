package parent

import (
	"sync/atomic"
	"testing"
	"time"
)

func TestLostIsCalledWhenTheParentChanges(t *testing.T) {
	var id atomic.Int64
	id.Store(42)
	lost := make(chan struct{})
	watch(func() int { return int(id.Load()) }, time.Millisecond, func() { close(lost) })

	select {
	case <-lost:
		t.Fatal("called while the parent lives")
	case <-time.After(30 * time.Millisecond):
	}
	id.Store(1)
	select {
	case <-lost:
	case <-time.After(5 * time.Second):
		t.Fatal("not called after the parent has gone")
	}
}
