package build

import (
	"fmt"
	"sync"
)

// Memo remembers the results of pure steps between builds. The zero Memo is empty and ready; a nil *Memo remembers
// nothing. Only [Do] reads or fills it.
type Memo struct {
	// Verify recomputes every remembered result and panics when it differs: cmd/go's gocacheverify, for tests.
	Verify bool

	mu     sync.Mutex
	gen    int
	steps  map[memoKey]*memoEntry
	misses map[string]int
	hits   map[string]int

	forget func(stage string, in any) any // tests plant omissions here, to see that they are caught
}

type memoKey struct {
	stage string
	in    digest
}

type memoEntry struct {
	out any
	gen int // the last build that used it
}

// Do returns f(in), from memory if this stage has seen an equal in before. in is both the key and the only argument, so
// that a key cannot forget an input; f must be a function of its package, so that it closes over nothing.
func Do[In, Out any](m *Memo, stage string, in In, f func(In) Out) Out {
	if m == nil {
		return f(in)
	}
	var keyed any = in
	if m.forget != nil {
		keyed = m.forget(stage, in)
	}
	key := memoKey{stage, hashOf(keyed)}
	m.mu.Lock()
	e, ok := m.steps[key]
	if ok {
		e.gen = m.gen
		m.hits[stage]++
	} else {
		m.misses[stage]++
	}
	m.mu.Unlock()
	if ok {
		out := e.out.(Out)
		if m.Verify {
			if hashOf(f(in)) != hashOf(out) {
				panic(fmt.Sprintf("build: the step %s remembers something else than it computes", stage))
			}
		}
		return out
	}
	out := f(in)
	m.mu.Lock()
	m.steps[key] = &memoEntry{out: out, gen: m.gen}
	m.mu.Unlock()
	return out
}

func (m *Memo) begin() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.steps == nil {
		m.steps = map[memoKey]*memoEntry{}
	}
	m.gen++
	m.misses, m.hits = map[string]int{}, map[string]int{}
}

// end drops what the last two builds did not use.
func (m *Memo) end() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for k, e := range m.steps {
		if e.gen < m.gen-1 {
			delete(m.steps, k)
		}
	}
}

// Misses returns how often each stage had to compute in the last build.
func (m *Memo) Misses() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := map[string]int{}
	for k, v := range m.misses {
		out[k] = v
	}
	return out
}
