package serve

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/diag"
)

// BenchmarkSave is the time from a save of one page of a large site to its being served, without network and browser.
// `go test ./generator -bench Live` has the whole way, and other programs beside it.
func BenchmarkSave(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := b.TempDir()
			file := func(i int) string { return filepath.Join(dir, "content", fmt.Sprintf("n%05d.md", i)) }
			text := func(i int, more string) []byte {
				var t strings.Builder
				fmt.Fprintf(&t, "# Note %d\n\n%s\n\n", i, more)
				for p := range 8 {
					fmt.Fprintf(&t, "## Part %d\n\n%s[[n%05d]].\n\n", p, strings.Repeat("Some words of prose and more. ", 15), (i*7+p*13+1)%n)
				}
				return []byte(t.String())
			}
			write := func(i int, more string) {
				if err := os.WriteFile(file(i), text(i, more), 0o644); err != nil {
					b.Fatal(err)
				}
			}
			if err := os.MkdirAll(filepath.Join(dir, "content"), 0o755); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(dir, "site.toml"), []byte("title = \"T\"\n"), 0o644); err != nil {
				b.Fatal(err)
			}
			for i := range n {
				write(i, "")
			}
			s := newServer(Options{Dir: dir, Theme: gloss.Theme, Bind: "127.0.0.1", Out: io.Discard, Log: io.Discard,
				Env: func() build.Env { return build.Env{} }, Report: func([]diag.Finding, int, *build.Tree) {}})
			turned := make(chan bool, 1000)
			s.looked = func(bool) { turned <- true }
			l, err := s.start()
			if err != nil {
				b.Fatal(err)
			}
			ctx, stop := context.WithCancel(context.Background())
			ended := make(chan error, 1)
			go func() { ended <- s.run(ctx, l) }()
			<-turned
			k := 0
			for b.Loop() {
				k++
				was := s.now.Load().number
				write(k*37%n, fmt.Sprintf("Save %d.", k))
				for s.now.Load().number == was {
					<-turned
				}
			}
			stop()
			if err := <-ended; err != nil {
				b.Fatal(err)
			}
			s.watch.close()
		})
	}
}
