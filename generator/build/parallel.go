package build

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
)

// each calls f for every item, a few at a time, and returns the results in the order of the items. A panic in f is
// raised again here, with the item.
func each[In, Out any](workers int, items []In, f func(In) Out) []Out {
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	out := make([]Out, len(items))
	var next atomic.Int64
	var wg sync.WaitGroup
	var failed atomic.Pointer[string]
	for range min(workers, len(items)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			i := -1
			defer func() {
				if p := recover(); p != nil {
					msg := fmt.Sprintf("item %d of %d (%T): %v", i, len(items), items[max(i, 0)], p)
					failed.Store(&msg)
				}
			}()
			for {
				i = int(next.Add(1)) - 1
				if i >= len(items) {
					return
				}
				out[i] = f(items[i])
			}
		}()
	}
	wg.Wait()
	if msg := failed.Load(); msg != nil {
		panic(*msg)
	}
	return out
}
