package build

import (
	"fmt"
	"maps"
	"sync"
)

// Memo remembers the results of pure steps between builds, and the last build whole. The zero Memo is empty and ready; a
// nil *Memo remembers nothing. It belongs to one site, and one Build at a time may use it.
type Memo struct {
	// Verify recomputes every remembered result and panics when it differs: cmd/go's gocacheverify, for tests.
	Verify bool

	mu     sync.Mutex
	gen    int
	steps  map[stepKey]*step
	misses map[string]int
	last   *work // the last build, which the next may start from
}

// stepKey names what a stage works on: a file, or a page by its address. It is where to look, no part of the key: two
// inputs of one name are told apart by all that they hold.
type stepKey struct{ stage, name string }

// step is what a stage made of one thing lately: the last two, since writers take an edit back.
type step struct {
	last [2]remembered
	gen  int // the last build that used it
}

// remembered is an input and what became of it. An input that can compare itself is kept, another one is hashed.
type remembered struct {
	in  any
	key digest
	out any
}

// equaler is an input that compares itself with another one: a file, whose text is seldom a new one.
type equaler[In any] interface{ Equal(In) bool }

// Do returns f(in), from memory if this stage has seen an equal in of this name before. in is both the key and the only
// argument, so that a key cannot forget an input; f must be a function of its package, so that it closes over nothing.
func Do[In, Out any](m *Memo, stage, name string, in In, f func(In) Out) *Out {
	if m == nil {
		out := f(in)
		return &out
	}
	keyed := in
	now := remembered{}
	if _, compares := any(keyed).(equaler[In]); compares {
		now.in = keyed
	} else {
		now.key = hashOf(keyed)
	}
	if out, ok := m.recall(stepKey{stage, name}, func(old remembered) bool {
		if old.out == nil || old.key != now.key {
			return false
		}
		eq, compares := now.in.(equaler[In])
		return !compares || eq.Equal(old.in.(In))
	}).(*Out); ok {
		if m.Verify && hashOf(f(in)) != hashOf(*out) {
			panic(fmt.Sprintf("build: the step %s of %s remembers something else than it computes", stage, name))
		}
		return out
	}
	out := f(in)
	now.out = &out
	m.remember(stepKey{stage, name}, now)
	return &out
}

// recall returns what a step made of an input, or nil.
func (m *Memo) recall(key stepKey, same func(remembered) bool) any {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.steps[key]
	if s == nil {
		return nil
	}
	s.gen = m.gen
	for i := range s.last {
		if same(s.last[i]) {
			return s.last[i].out
		}
	}
	return nil
}

func (m *Memo) remember(key stepKey, now remembered) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.steps[key]
	if s == nil {
		s = &step{}
		m.steps[key] = s
	}
	s.gen = m.gen
	s.last = [2]remembered{now, s.last[0]}
	m.misses[key.stage]++
}

// touch keeps what a step remembers of one thing, although this build does not ask for it.
func (m *Memo) touch(stage, name string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.steps[stepKey{stage, name}]; s != nil {
		s.gen = m.gen
	}
}

// count notes work that is not remembered.
func (m *Memo) count(stage string) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.misses[stage]++
}

// begin starts a build and returns the last one, which is then no longer there to start from.
func (m *Memo) begin() *work {
	if m == nil {
		return nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.steps == nil {
		m.steps = map[stepKey]*step{}
	}
	m.misses = map[string]int{}
	last := m.last
	m.last = nil
	return last
}

func (m *Memo) end(w *work) {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.last = w
}

// sweep drops the steps of what there is no more. It follows a build that has asked for every step there is.
func (m *Memo) sweep() {
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.gen++
	maps.DeleteFunc(m.steps, func(_ stepKey, s *step) bool { return s.gen < m.gen-2 })
}

// Misses returns how often each stage had to compute in the last build; beside those that are remembered "link", when the
// site was linked whole, and "view", the Views that were made.
func (m *Memo) Misses() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.misses)
}
