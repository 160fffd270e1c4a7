// Package parent notices the death of the process that started this one. The engine starts each
// plugin in a process group of its own, so a plugin survives a kill -9 of the engine and would go
// on creating things that no state knows of.
package parent

import (
	"os"
	"time"
)

const interval = 250 * time.Millisecond

// OnDeath calls lost once, from a goroutine of its own, when the parent has gone.
func OnDeath(lost func()) {
	watch(os.Getppid, interval, lost)
}

func watch(parent func() int, every time.Duration, lost func()) {
	born := parent()
	go func() {
		for parent() == born {
			time.Sleep(every)
		}
		lost()
	}()
}
