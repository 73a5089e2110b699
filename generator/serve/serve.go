// Package serve is the writer's preview: it builds a site in memory, serves it on this machine, watches its files, and
// tells every open page what a save has changed.
//
// [Run] is the whole of it. Its parts, in the order in which a save goes through them:
//
//   - watch.go wakes the loop. What a file system says of a change is a hint; what has changed only a reading shows.
//   - loop.go reads, holds back a save that is only half done, builds with a warm memo and publishes the result.
//   - events.go sends what a build changed to the open pages.
//   - http.go answers requests from the published build, for this machine alone; inject.go adds the client to pages.
//   - page.go says of one page what its writer wants to know: findings, words, coverage, red links.
//   - open.go opens the editor at a block or finding, create.go writes the page that a red link asks for.
//   - client/ is what runs in the browser. Its protocol with the server is described in events.go and page.go.
//
// A published build is never changed, so requests need no lock. The pages that go out are those of a clean build with
// one script element added; nothing of this package is ever part of the output of `build`.
package serve

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"gloss/generator/build"
	"gloss/generator/diag"
)

// Options are what the command line decides.
type Options struct {
	Dir    string           // the folder of the site
	Theme  fs.FS            // layouts/ and static/ for what the site does not have itself
	Env    func() build.Env // asked before each build, since the day can change
	Bind   string           // the address to listen on: "127.0.0.1"
	Port   int              // the next ten are tried when it is busy; 0: any
	Hosts  []string         // names under which the preview may be asked for, beside those of this machine
	Poll   bool             // look for changes at an interval, for file systems that report none
	Follow bool             // open pages go to where something changes
	Open   bool             // open a browser
	Out    io.Writer        // gets the one line `serving URL` when pages can be asked for
	Log    io.Writer        // gets what people read: addresses, builds, trouble

	// Report prints findings for people. waiting is how many more may show when the unreadable files can be read.
	Report func(found []diag.Finding, waiting int, t *build.Tree)
}

// server is a running preview.
type server struct {
	Options
	session string // changes with every start
	token   string // what a page must show to open an editor or to create a page
	reader  *build.Reader
	memo    *build.Memo
	watch   *watcher
	goesBy  map[string]bool // names that requests may use
	hold    time.Duration   // holdFor

	now  atomic.Pointer[edition]
	news news

	mu     sync.Mutex     // guards what follows, and the Site of last, which the next build may change in place
	last   *build.Result  // of the newest build, whether it is shown or not
	tree   *build.Tree    // what it was built from
	found  []diag.Finding // in it
	editor string         // of its configuration

	failed  error              // why the last reading could not be built; only the loop uses it
	printed map[string]int     // findings that the terminal has shown and that still stand; only the loop uses it
	looked  func(settled bool) // for tests: told after each turn of the loop; settled: what was read is what is published
}

// Run serves the site until ctx ends. The error is about the machine; what is wrong with the writer's files is shown in
// the terminal and in the pages.
func Run(ctx context.Context, o Options) error {
	s := newServer(o)
	l, err := s.start()
	if err != nil {
		return err
	}
	defer s.watch.close()
	return s.run(ctx, l)
}

func newServer(o Options) *server {
	return &server{Options: o, session: random(), token: random(), hold: holdFor, reader: build.NewReader(o.Dir, o.Theme), memo: &build.Memo{}}
}

// start builds the site for the first time and takes a port.
func (s *server) start() (net.Listener, error) {
	t, err := s.reader.Read()
	if err != nil {
		return nil, err
	}
	s.publish(reading{tree: t}, time.Now())
	if s.goesBy, err = allowed(s.Bind, s.Hosts); err != nil {
		return nil, err
	}
	l, err := listen(s.Bind, s.Port)
	if err != nil {
		return nil, err
	}
	if s.watch, err = newWatcher(s.Dir, s.Poll, s.Log); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// run answers requests and follows the files until ctx ends.
func (s *server) run(ctx context.Context, l net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	srv := &http.Server{Handler: guard(s.goesBy, s.Hosts, s), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10,
		ErrorLog: log.New(s.Log, "", 0)}
	srv.RegisterOnShutdown(s.news.end) // open event streams would hold up the end
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	looped := make(chan struct{})
	go func() { s.loop(ctx); close(looped) }()

	base := s.now.Load().base
	address := fmt.Sprintf("http://%s%s", shownHost(l.Addr()), base)
	fmt.Fprintf(s.Out, "serving %s\n", address)
	for _, a := range elsewhere(l.Addr(), s.Bind) {
		fmt.Fprintf(s.Log, "in your network: http://%s%s\n", a, base)
	}
	if s.Open {
		if err := openBrowser(address); err != nil {
			fmt.Fprintf(s.Log, "could not open a browser: %v\n", err)
		}
	}
	var err error
	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	stop()
	<-looped
	wait, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
	defer cancel()
	if srv.Shutdown(wait) != nil {
		_ = srv.Close() // the spare connections of a browser, which would be waited for
	}
	if err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

// random is a word that nobody can guess.
func random() string {
	b := make([]byte, 16)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return hex.EncodeToString(b)
}
