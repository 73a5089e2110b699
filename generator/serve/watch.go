package serve

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/fsnotify/fsnotify"

	"gloss/generator/build"
)

const (
	// pollEvery is how often a site on a file system without events is looked at.
	pollEvery = 500 * time.Millisecond
	// lookEvery is how often a watched site is looked at all the same, for events that got lost.
	lookEvery = 2 * time.Second
)

// watcher says when the site may have changed, and which files may have. Folders are watched, never files: a save by
// rename makes a new file, and only its folder hears of it.
type watcher struct {
	dir     string // absolute
	log     io.Writer
	fs      *fsnotify.Watcher // nil: polling
	add     func(dir string) error
	look    time.Duration // lookEvery
	wake    chan struct{} // holds one wake-up
	done    chan struct{}
	stopped sync.WaitGroup

	mu      sync.Mutex
	names   map[string]bool // relative to the site's root, with /; what may have changed since the last take
	all     bool            // anything may have changed
	dirs    []string        // the folders of the site, relative
	known   map[string]bool // folders, absolute, whose changes are heard of
	polling bool
	told    bool // the writer knows that we poll
}

// newWatcher starts to watch. It watches nothing until follow says which folders there are.
func newWatcher(dir string, poll bool, log io.Writer) (*watcher, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("watch the site: %w", err)
	}
	w := &watcher{dir: abs, log: log, look: lookEvery, wake: make(chan struct{}, 1), done: make(chan struct{}), names: map[string]bool{}, polling: poll || mute(abs)}
	if w.polling {
		if !poll {
			w.say("this folder lies on a Windows disk, which does not report changes: looking for them every " + pollEvery.String())
		}
		return w, nil
	}
	if w.fs, err = fsnotify.NewBufferedWatcher(4096); err != nil {
		w.fs = nil
		w.poll(err)
		return w, nil
	}
	w.add = w.fs.Add
	w.stopped.Add(1)
	go w.listen()
	return w, nil
}

// mute says whether a folder is of a Windows disk seen from Linux, which takes watches and never reports anything
// (microsoft/WSL issue 4739).
func mute(dir string) bool {
	if runtime.GOOS != "linux" || !strings.HasPrefix(dir, "/mnt/") {
		return false
	}
	kernel, err := os.ReadFile("/proc/sys/kernel/osrelease")
	return err == nil && strings.Contains(strings.ToLower(string(kernel)), "microsoft")
}

// poll gives up on events.
func (w *watcher) poll(why error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.polling = true
	if w.told {
		return
	}
	w.told = true
	text := "cannot watch the site: " + why.Error()
	switch {
	case errors.Is(why, syscall.ENOSPC):
		text = "the system's limit of watched folders is reached (fs.inotify.max_user_watches; to raise it: sudo sysctl fs.inotify.max_user_watches=524288)"
	case errors.Is(why, syscall.EMFILE), errors.Is(why, syscall.ENFILE):
		text = "the system's limit of watchers or open files is reached (fs.inotify.max_user_instances, ulimit -n)"
	}
	w.say(text + "; looking for changes every " + pollEvery.String() + " instead")
}

func (w *watcher) say(text string) { fmt.Fprintln(w.log, text) }

// interval is how long to wait before the site is looked at again, when looking takes this long: little enough to be
// felt as prompt, and never more than a fiftieth of a processor; a tenth, when nothing else tells of changes.
func (w *watcher) interval(looking time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.polling {
		return max(pollEvery, 10*looking)
	}
	return max(w.look, 50*looking)
}

// stamp is what shows from outside that a file has changed.
type stamp struct {
	size int64
	time time.Time
	mode os.FileMode
}

// lookout looks at the files again and again, for changes that no event has told of. It does so beside the loop, which
// an edit must not find busy.
func (w *watcher) lookout(seen map[string]stamp, took time.Duration) {
	defer w.stopped.Done()
	for {
		select {
		case <-w.done:
			return
		case <-time.After(w.interval(took)):
		}
		start := time.Now()
		now := w.stamps()
		took = time.Since(start)
		for name, x := range now {
			if old, had := seen[name]; !had || old != x {
				w.note(name, false)
			}
		}
		for name := range seen {
			if _, has := now[name]; !has {
				w.note(name, false)
			}
		}
		seen = now
	}
}

// stamps looks at every file and folder of the site. What cannot be looked at is as if it were not there.
func (w *watcher) stamps() map[string]stamp {
	w.mu.Lock()
	dirs := w.dirs
	w.mu.Unlock()
	out := map[string]stamp{}
	for _, d := range dirs {
		at := filepath.Join(w.dir, filepath.FromSlash(d))
		entries, err := os.ReadDir(at)
		if err != nil {
			continue
		}
		for _, e := range entries {
			name := path.Join(d, e.Name())
			if !ours(name) {
				continue
			}
			info, err := e.Info()
			if err == nil && e.Type()&os.ModeSymlink != 0 {
				info, err = os.Stat(filepath.Join(at, e.Name()))
			}
			switch {
			case err != nil:
			case info.IsDir():
				out[name] = stamp{mode: info.Mode()} // what is in it is looked at itself
			default:
				out[name] = stamp{info.Size(), info.ModTime(), info.Mode()}
			}
		}
	}
	return out
}

// ours says whether a name, relative to the site's root, is of one of its files or folders.
func ours(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return (name == "site.toml" || slices.Contains(build.Tops, top)) && !build.Hidden(name)
}

func (w *watcher) listen() {
	defer w.stopped.Done()
	for {
		select {
		case e, ok := <-w.fs.Events:
			if !ok {
				return
			}
			w.hear(e)
		case err, ok := <-w.fs.Errors:
			if !ok {
				return
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				w.say("watching: " + err.Error())
			}
			w.note("", true)
		}
	}
}

// hear takes an event as a hint of what to look at.
func (w *watcher) hear(e fsnotify.Event) {
	if e.Op == fsnotify.Chmod {
		return // modes and times: no text has changed
	}
	rel, err := filepath.Rel(w.dir, e.Name)
	if err != nil {
		w.note("", true)
		return
	}
	name := filepath.ToSlash(rel)
	if !ours(name) {
		return
	}
	if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
		// A watch follows a folder to its new name but goes on to report the old one.
		_ = w.fs.Remove(e.Name) // most names are no folder's
		w.mu.Lock()
		delete(w.known, e.Name)
		w.mu.Unlock()
	}
	w.note(name, false)
}

func (w *watcher) note(name string, all bool) {
	w.mu.Lock()
	if all {
		w.all = true
	} else {
		w.names[name] = true
	}
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// take returns what the events since the last call were about.
func (w *watcher) take() (names []string, all bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for n := range w.names {
		names = append(names, n)
	}
	slices.Sort(names)
	all = w.all
	w.names, w.all = map[string]bool{}, false
	return names, all
}

// follow watches these folders, and no others. It says whether there are new ones among them: what happened in those
// before they were watched, nobody has heard.
func (w *watcher) follow(dirs []string) (more bool) {
	w.mu.Lock()
	first := w.dirs == nil
	w.dirs = dirs
	w.mu.Unlock()
	if first {
		start := time.Now()
		seen := w.stamps()
		w.stopped.Add(1)
		go w.lookout(seen, time.Since(start))
		more = true
	}
	if w.fs == nil {
		return more
	}
	want := map[string]bool{}
	for _, d := range dirs {
		want[filepath.Join(w.dir, filepath.FromSlash(d))] = true
	}
	// Those that are no longer wanted go first: under its new name, a folder has the same watch.
	watched := map[string]bool{}
	for _, d := range w.fs.WatchList() {
		if watched[d] = true; !want[d] {
			_ = w.fs.Remove(d) // gone already, as a rule
		}
	}
	w.mu.Lock()
	known := w.known
	w.known = want
	w.mu.Unlock()
	for d := range want {
		// Two names of one folder, a symlink's and its own, have one watch, which is listed under one of them.
		more = more || !known[d]
		if watched[d] {
			continue
		}
		if err := w.add(d); err != nil && !errors.Is(err, os.ErrNotExist) { // gone again: the next reading knows
			w.poll(err)
			return more
		}
	}
	return more
}

// state is what the status line says of us.
func (w *watcher) state() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.polling {
		return "polling"
	}
	return "events"
}

func (w *watcher) close() {
	close(w.done)
	if w.fs != nil {
		_ = w.fs.Close()
	}
	w.stopped.Wait()
}
