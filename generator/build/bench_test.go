package build

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"gloss"
	"gloss/generator/render"
	"gloss/generator/site"
)

// grow writes a site of n pages of about 4 KB, each of which links to eight others; every tenth is a term, so that there
// are names to find in prose.
func grow(b *testing.B, n int) string {
	b.Helper()
	dir := b.TempDir()
	r := rand.New(rand.NewPCG(1, uint64(n)))
	words := strings.Fields("the of and to in is that for with as on by at from this which are was have has not but they their its over under between site page fact claim source water river city state people year month report table list number value first second third last other many some few more most same new old high low long short open close early late north south east west road line point")
	sentence := func(n int) string {
		w := make([]string, n)
		for i := range w {
			w[i] = words[r.IntN(len(words))]
		}
		return strings.ToUpper(w[0][:1]) + strings.Join(w, " ")[1:] + "."
	}
	paragraph := func() string {
		var s []string
		for range 6 {
			s = append(s, sentence(8+r.IntN(10)))
		}
		return strings.Join(s, " ")
	}
	write := func(name, text string) {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(at, []byte(text), 0o644); err != nil {
			b.Fatal(err)
		}
	}
	link := func() string {
		j := r.IntN(n)
		return fmt.Sprintf("[[n%05d|note %d]]", j, j)
	}
	write("site.toml", "title = \"Bench\"\nbase_url = \"https://example.org/b/\"\n")
	write("content/data/facts.toml", "[n]\nlabel = \"N\"\nvalue = 5\nas_of = \"2024\"\nsource = \"s\"\n")
	write("content/data/sources.json", `[{"id":"s","type":"report","title":"S","custom":{"seen":true}}]`)
	write("content/index.md", "---\ntitle: Bench\nstandfirst: A bench.\n---\n\nSee [[n00000]].\n")
	for i := range n {
		var t strings.Builder
		fmt.Fprintf(&t, "---\ntitle: Note number %d\nsummary: Note %d in one line.\n---\n\n%s %s %s[^a]\n", i, i, paragraph(), link(), sentence(9))
		fmt.Fprintf(&t, "\n## First part\n\n%s %s and %s. %s\n\n%s\n\n- %s %s\n- %s\n- %s\n", paragraph(), link(), link(), sentence(9), paragraph(), sentence(8), link(), sentence(8), sentence(8))
		fmt.Fprintf(&t, "\n## Second part\n\n%s %s %s[^b]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\n%s\n", paragraph(), link(), sentence(9), paragraph())
		fmt.Fprintf(&t, "\n## Third part\n\n%s %s %s %s\n\n%s %s\n\n[^a]: %s\n[^b]: %s\n", paragraph(), link(), sentence(7), link(), paragraph(), link(), sentence(10), sentence(12))
		write(noteName(i), t.String())
	}
	return dir
}

func noteName(i int) string {
	if i%10 == 0 {
		return fmt.Sprintf("content/terms/n%05d.md", i)
	}
	return fmt.Sprintf("content/notes/n%05d.md", i)
}

// reportCPU reports the time of all processors for each round, which other programs disturb less than that of the clock.
func reportCPU(b *testing.B) (done func()) {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	start := used()
	return func() { b.ReportMetric(float64(used()-start)/1e6/float64(b.N), "cpu-ms/op") }
}

// BenchmarkEdit is what serve does for each save: read what changed, and build with a warm memo.
func BenchmarkEdit(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := grow(b, n)
			reader, memo := NewReader(dir, gloss.Theme), &Memo{}
			rebuild := func(b *testing.B, names ...string) {
				t, ok, err := reader.ReadNamed(names)
				if err == nil && !ok {
					t, err = reader.Read()
				}
				if err != nil {
					b.Fatal(err)
				}
				Build(t, Env{}, memo)
			}
			rebuild(b)
			edit := func(b *testing.B, named bool, change func(text string, round int) string) {
				defer reportCPU(b)()
				for i := 0; b.Loop(); i++ {
					name := noteName(i % n)
					at := filepath.Join(dir, filepath.FromSlash(name))
					b.StopTimer()
					text, err := os.ReadFile(at)
					if err == nil {
						err = os.WriteFile(at, []byte(change(string(text), i)), 0o644)
					}
					if err != nil {
						b.Fatal(err)
					}
					b.StartTimer()
					if named {
						rebuild(b, name)
					} else {
						rebuild(b, "") // no name of a file, so that the whole site is walked
					}
				}
			}
			prose := func(t string, i int) string {
				return strings.Replace(t, "\n## Second part\n", fmt.Sprintf(" Words of round %d.\n\n## Second part\n", i), 1)
			}
			b.Run("prose", func(b *testing.B) { edit(b, true, prose) })
			b.Run("prose, whole walk", func(b *testing.B) { edit(b, false, prose) })
			b.Run("link", func(b *testing.B) {
				edit(b, true, func(t string, i int) string {
					return strings.Replace(t, "\n## Second part\n", fmt.Sprintf(" See [[n%05d]].\n\n## Second part\n", (i+n/2)%n), 1)
				})
			})
			b.Run("title", func(b *testing.B) {
				edit(b, true, func(t string, i int) string { return strings.Replace(t, "title: ", "title: X", 1) })
			})
			b.Run("record", func(b *testing.B) {
				defer reportCPU(b)()
				for i := 0; b.Loop(); i++ {
					const name = "content/data/facts.toml"
					text := fmt.Sprintf("[n]\nlabel = \"N\"\nvalue = %d\nas_of = \"2024\"\nsource = \"s\"\n", i)
					if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
						b.Fatal(err)
					}
					rebuild(b, name)
				}
			})
			b.Run("nothing", func(b *testing.B) {
				defer reportCPU(b)()
				for b.Loop() {
					rebuild(b, "")
				}
			})
		})
	}
}

// BenchmarkBuild is a whole build without memory, as the command makes it.
func BenchmarkBuild(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := grow(b, n)
			defer reportCPU(b)()
			for b.Loop() {
				t, err := Read(dir, gloss.Theme)
				if err != nil {
					b.Fatal(err)
				}
				Build(t, Env{}, nil)
			}
		})
	}
}

// BenchmarkPosters draws the posters of a whole site, as a build does once.
func BenchmarkPosters(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			t, err := Read(grow(b, n), gloss.Theme)
			if err != nil {
				b.Fatal(err)
			}
			posters := slices.Collect(maps.Values(Build(t, Env{}, nil).Posters))
			size := 0
			defer reportCPU(b)()
			for b.Loop() {
				size = 0
				for _, s := range each(0, posters, func(p site.PosterView) int { return len(render.DrawPoster(p)) }) {
					size += s
				}
			}
			b.ReportMetric(float64(size)/float64(len(posters)), "B/poster")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(posters)), "ns/poster")
		})
	}
}
