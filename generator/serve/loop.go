package serve

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"time"

	"gloss/generator/build"
	"gloss/generator/diag"
)

// holdFor is how long a save that looks half done is held back; what still looks so after that is what the writer meant.
const holdFor = 50 * time.Millisecond

// reading is what the site's files said at one moment, or why they could not be read.
type reading struct {
	tree *build.Tree
	err  error
}

// loop waits for changes and publishes what they make, until ctx ends.
func (s *server) loop(ctx context.Context) {
	got := reading{tree: s.tree}
	dirty := map[string]bool{} // files that may differ between what was read and what is published; nil: any may
	var held time.Time         // since when a half-done save waits
	var due <-chan time.Time   // when it has waited long enough
	s.watch.note("", true)     // what changed before it was watched
	for {
		woken := false
		select {
		case <-ctx.Done():
			return
		case <-s.watch.wake:
			woken = true
		case <-due:
		}
		due = nil
		start := time.Now()
		if woken {
			names, all := s.watch.take()
			if all || got.err != nil {
				names = nil
			}
			var whole bool
			if got, whole = s.read(names); whole {
				dirty = nil
			}
			for _, n := range names {
				if dirty != nil {
					dirty[n] = true
				}
			}
		}
		changed := differ(s.tree, got, dirty)
		switch {
		case len(changed) == 0 && got.err == nil && s.failed == nil:
			held, dirty = time.Time{}, map[string]bool{}
		case halfDone(s.tree, got, changed) && (held.IsZero() || start.Sub(held) < s.hold):
			if held.IsZero() {
				held = start
			}
			due = time.After(s.hold - start.Sub(held))
		default:
			from := start
			if !held.IsZero() {
				from = held
			}
			s.publish(got, from)
			held, dirty = time.Time{}, map[string]bool{}
		}
		if s.looked != nil {
			s.looked(held.IsZero())
		}
	}
}

// read reads the files that are named, or all of them when none is or when the named ones do not tell all. whole says
// that all were looked at.
func (s *server) read(names []string) (got reading, whole bool) {
	if fault := diag.Catch(func() { got, whole = s.readFiles(names) }); fault != nil {
		return reading{err: fault}, true
	}
	return got, whole
}

func (s *server) readFiles(names []string) (got reading, whole bool) {
	if len(names) > 0 {
		t, ok, err := s.reader.ReadNamed(names)
		if ok || err != nil {
			return reading{t, err}, false
		}
	}
	for {
		t, err := s.reader.Read()
		// In a folder that was not watched yet, anything may have happened since it was made.
		if err != nil || !s.watch.follow(s.reader.Dirs()) {
			return reading{t, err}, true
		}
	}
}

// differ lists the files whose text is not what it was, by name, new and gone ones included. Of the names given, or of
// all.
func differ(old *build.Tree, got reading, among map[string]bool) []string {
	if got.err != nil || old == nil {
		return nil
	}
	var out []string
	check := func(name string) {
		a, had := old.Bytes[name]
		b, has := got.tree.Bytes[name]
		if had != has || !same(a, b) {
			out = append(out, name)
		}
	}
	if among != nil {
		for _, n := range slices.Sorted(maps.Keys(among)) {
			check(n)
		}
		return out
	}
	for n := range got.tree.Bytes {
		check(n)
	}
	for n := range old.Bytes {
		if _, has := got.tree.Bytes[n]; !has {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// same compares two texts, at once when they are one slice.
func same(a, b []byte) bool {
	return len(a) == len(b) && (len(a) == 0 || &a[0] == &b[0] || bytes.Equal(a, b))
}

// halfDone says whether a reading looks like the middle of a save: a file is gone, or empty, or has lost its end. Editors
// and sync programs cut a file to nothing before they fill it, move it away before they put the new one in its place, or
// write it in pieces. Deleting the last paragraph looks the same, and is shown a moment later.
func halfDone(old *build.Tree, got reading, changed []string) bool {
	if got.err != nil {
		return true // site.toml is gone, or a folder vanished while it was read
	}
	for _, name := range changed {
		was, now := old.Bytes[name], got.tree.Bytes[name]
		if len(now) == 0 || len(now) < len(was) && end(was) != end(now) {
			return true
		}
	}
	return false
}

// end is the last bytes of a text, without the blanks that editors trim or add.
func end(text []byte) string {
	text = bytes.TrimSpace(text)
	return string(text[max(0, len(text)-16):])
}
