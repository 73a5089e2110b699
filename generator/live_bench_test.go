//go:build linux

package main

// BenchmarkLive measures what a writer feels: how long after a save the preview shows it, here and in the servers that
// writers know. It is run by hand, since it takes minutes:
//
//	go test ./generator -run '^$' -bench Live -benchtime 1x -timeout 60m
//	GLOSS_PEERS=1 go test ./generator -run '^$' -bench Live -benchtime 1x -timeout 60m
//
// The first measures gloss alone and takes two minutes, the second puts it beside Hugo and VitePress and takes six.
// -bench 'Live/1000$' leaves out the large site.
//
// GLOSS_PEERS=1 installs the peers, at the versions below, into the folder gloss-bench of the user's cache (on Linux
// ~/.cache/gloss-bench) and uses them again next time; it needs npm, node and some minutes. A peer that cannot be had is
// a failure that names it, and the others are measured all the same. Chromium must be there.
//
// The site has 1,000 or 10,000 pages of some 640 words (4 KB of markdown): three headings, a table, a list, two
// footnotes, 8 links to other pages; the same text for all, in the dialect and the folder of each. Each tool is started
// on a fresh folder, measured and killed before the next one starts. Where there is a choice, the peers have the cheaper
// one: no backlinks, no checks, plain addresses as links and a bare layout for Hugo; VitePress has no footnotes, so there
// they are paragraphs.
//
// What is measured, of 20 edits each after 3 that do not count:
//
//   - start: from the start of the process until the page, with its text, has been answered once.
//   - served: from just before the write until an answer with the new text has been read, by asking again and again over
//     one connection. For VitePress that is the module that carries the page's text.
//   - DOM: from just before the write until the text is in the document of a page open in Chromium, by a
//     MutationObserver that stamps the time in the page; servers that reload the page pay for the reload.
//   - CPU: of the server's processes while the DOM is measured, divided by all edits, the idle time between them included.
//
// An edit puts another sentence into a paragraph in the middle of the page, with a word in it that no other edit has, by
// truncating and writing the file as most editors do. Between an edit that was seen and the next one lie 300 to 700 ms,
// at random so that no server's ticker is favoured, the same for all tools. Wall times of one machine drift by 10 % and
// more: trust the ratios of one run.

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

const (
	hugoVersion      = "0.165.0" // the newest that builds with Go 1.26
	vitePressVersion = "1.6.4"

	warmUps      = 3
	measured     = 20
	editPatience = 30 * time.Second
	loadPatience = 2 * time.Minute // for a start, and for the first page in the browser
)

// benchTool is a server to measure, and how it wants its site.
type benchTool struct {
	name, about string // about: version and flags
	missing     error  // why it cannot be measured

	file  string // the source of a page, %s its name
	view  string // the address of the page
	text  string // the address of what carries its text
	kind  string // the type of that answer, so that no source file is taken for it
	links func(to, words string) string
	notes bool              // has footnotes
	files map[string]string // what else its site needs
	start func(dir string, port int) *exec.Cmd
}

// benchResult is what a tool needed, in milliseconds.
type benchResult struct {
	served, dom []float64 // sorted
	cpu, start  float64
}

func BenchmarkLive(b *testing.B) {
	tools := []*benchTool{glossTool(b)}
	if os.Getenv("GLOSS_PEERS") == "1" {
		tools = append(tools, hugoTool(), vitePressTool())
	}
	for _, pages := range []int{1000, 10000} {
		b.Run(strconv.Itoa(pages), func(b *testing.B) {
			b.ReportMetric(0, "ns/op") // means nothing here: not printed
			results := map[string]*benchResult{}
			for _, t := range tools {
				if t.missing == nil {
					results[t.name] = t.measure(b, pages)
				}
			}
			benchPrint(b, pages, tools, results)
			for _, t := range tools {
				if t.missing != nil {
					b.Errorf("%s is MISSING: %v", t.name, t.missing)
				}
			}
		})
	}
}

// The tools.

func glossTool(b *testing.B) *benchTool {
	bin := filepath.Join(b.TempDir(), "gloss")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		b.Fatalf("build gloss: %v\n%s", err, out)
	}
	return &benchTool{name: "gloss", about: "this checkout, `gloss serve`", notes: true,
		file: "content/notes/%s.md", view: "/notes/%s/", text: "/notes/%s/", kind: "text/html",
		links: func(to, words string) string { return "[[" + to + "|" + words + "]]" },
		files: map[string]string{
			"site.toml":        "title = \"Notes\"\nlanguage = \"en\"\nbase_url = \"https://example.org/\"\ndescription = \"Many notes.\"\n",
			"content/index.md": "---\ntitle: Notes\nstandfirst: Many notes.\n---\n\nStart with [[" + benchName(0) + "|the first]].\n"},
		start: func(dir string, port int) *exec.Cmd {
			return exec.Command(bin, "serve", "-C", dir, "--port", strconv.Itoa(port))
		}}
}

func hugoTool() *benchTool {
	const shell = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><h1>{{ .Title }}</h1>%s</body></html>`
	t := &benchTool{name: "hugo", notes: true,
		file: "content/notes/%s.md", view: "/notes/%s/", text: "/notes/%s/", kind: "text/html",
		links: func(to, words string) string { return "[" + words + "](/notes/" + to + "/)" },
		files: map[string]string{
			"hugo.toml":            "baseURL = \"https://example.org/\"\ntitle = \"Notes\"\ndisableKinds = [\"taxonomy\", \"term\"]\n",
			"layouts/home.html":    fmt.Sprintf(shell, `<a href="/notes/">Notes</a>`),
			"layouts/section.html": fmt.Sprintf(shell, `<ul>{{ range .Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>`),
			"layouts/page.html":    fmt.Sprintf(shell, `{{ .TableOfContents }}<main>{{ .Content }}</main>`)}}
	// Without the last flag a browser may ask for what has changed since the second in which it got the page, and is told
	// that nothing has, when two edits lie in one second.
	flags := []string{"server", "--disableFastRender=false", "--navigateToChanged=false", "--noHTTPCache"}
	cache, err := benchCache("bin")
	bin := filepath.Join(cache, "hugo")
	version := func() string { out, _ := exec.Command(bin, "version").Output(); return strings.TrimSpace(string(out)) }
	if err == nil && !strings.Contains(version(), hugoVersion) {
		fmt.Println("installing hugo into", cache)
		c := exec.Command("go", "install", "github.com/gohugoio/hugo@v"+hugoVersion)
		c.Env = append(os.Environ(), "GOBIN="+cache, "GOFLAGS=")
		var out []byte
		if out, err = c.CombinedOutput(); err != nil {
			err = fmt.Errorf("go install: %w\n%s", err, out)
		}
	}
	t.missing = err
	t.about = version() + ", `hugo " + strings.Join(flags, " ") + "`"
	t.start = func(dir string, port int) *exec.Cmd {
		return exec.Command(bin, append(flags, "--source", dir, "--bind", "127.0.0.1", "--port", strconv.Itoa(port))...)
	}
	return t
}

func vitePressTool() *benchTool {
	t := &benchTool{name: "vitepress",
		file: "notes/%s.md", view: "/notes/%s.html", text: "/notes/%s.md?import", kind: "text/javascript", // without import, Vite answers with the source
		links: func(to, words string) string { return "[" + words + "](./" + to + ".md)" },
		files: map[string]string{
			".vitepress/config.mjs": "export default { title: 'Notes' }\n",
			"index.md":              "# Notes\n\nStart with [the first](./notes/" + benchName(0) + ".md).\n"}}
	cache, err := benchCache("vitepress")
	home := filepath.Join(cache, "node_modules", "vitepress")
	version := func() string {
		var p struct{ Version string }
		text, _ := os.ReadFile(filepath.Join(home, "package.json"))
		_ = json.Unmarshal(text, &p) // no version: to be installed
		return p.Version
	}
	if err == nil && version() != vitePressVersion {
		fmt.Println("installing vitepress into", cache)
		var out []byte
		if out, err = exec.Command("npm", "install", "--prefix", cache, "--no-audit", "--no-fund", "vitepress@"+vitePressVersion).CombinedOutput(); err != nil {
			err = fmt.Errorf("npm install: %w\n%s", err, out)
		}
	}
	t.missing = err
	t.about = "v" + version() + ", `vitepress dev`"
	t.start = func(dir string, port int) *exec.Cmd {
		// Vite looks for its packages from the site's folder upwards.
		if err := os.Symlink(filepath.Join(cache, "node_modules"), filepath.Join(dir, "node_modules")); err != nil {
			panic(err) // the folder is new
		}
		return exec.Command("node", filepath.Join(home, "bin", "vitepress.js"), "dev", dir, "--host", "127.0.0.1", "--port", strconv.Itoa(port), "--strictPort")
	}
	return t
}

// benchCache makes a folder that later runs find again.
func benchCache(name string) (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "gloss-bench", name)
	return dir, os.MkdirAll(dir, 0o755)
}

// The site.

var benchWords = strings.Fields(`the harbour keeps winter records about bridges and ferries while engineers measure cracks in concrete piers
	because council members asked when repairs would begin after a storm moved sand against old walls near town under water where
	boats wait for cranes that lift steel beams over narrow channels before spring floods arrive with heavy rain from northern hills
	people read reports on traffic costs safety weather fishing markets schools history maps letters photographs and clocks`)

func benchName(i int) string { return fmt.Sprintf("p%05d", i) }

func benchProse(r *rand.Rand, n int) string {
	out := make([]string, n)
	for i := range out {
		out[i] = benchWords[r.IntN(len(benchWords))]
	}
	return strings.Join(out, " ")
}

// source writes page i of a site; said is the sentence that edits change. Everything else depends on nothing but the
// page and the tool's dialect.
func (t *benchTool) source(pages, i int, said string) []byte {
	r := rand.New(rand.NewPCG(uint64(pages), uint64(i)))
	links := 0
	link := func() string {
		to := (i + 1) % pages // so that every page is linked
		if links++; links > 1 {
			to = (i + 1 + r.IntN(pages-1)) % pages // never the page itself
		}
		return t.links(benchName(to), benchProse(r, 2))
	}
	note := func(n int) string {
		if t.notes {
			return fmt.Sprintf("[^%d]", n)
		}
		return fmt.Sprintf(" (note %d)", n)
	}
	linked := func(words int) string {
		return "We know " + benchProse(r, words) + " " + link() + " " + benchProse(r, words) + "."
	}
	plain := func(words int) string { return "Here " + benchProse(r, words) + "." }
	var w strings.Builder
	fmt.Fprintf(&w, "---\ntitle: Note %05d\n---\n\n%s %s\n", i, linked(18), plain(20))
	for part := range 3 {
		fmt.Fprintf(&w, "\n## Part %d %s\n\n%s %s\n\n%s %s\n", part+1, benchProse(r, 2), linked(16), plain(22), plain(18), linked(14))
		switch part {
		case 0:
			fmt.Fprintf(&w, "\n| place | year | state |\n|---|---|---|\n")
			for range 4 {
				fmt.Fprintf(&w, "| %s | %d | %s |\n", benchProse(r, 2), 1900+r.IntN(100), benchProse(r, 2))
			}
		case 1:
			fmt.Fprintf(&w, "\n%s %s %s%s\n", plain(20), said, plain(20), note(1))
		case 2:
			w.WriteString("\n")
			for range 5 {
				fmt.Fprintf(&w, "- %s\n", benchProse(r, 8))
			}
			fmt.Fprintf(&w, "\n%s %s%s\n", linked(16), plain(16), note(2))
		}
	}
	for n := 1; n <= 2; n++ {
		fmt.Fprintf(&w, "\n%s: %s\n", strings.TrimSpace(note(n)), plain(10))
	}
	return []byte(w.String())
}

// benchToken is a word that an edit, and nothing else, puts into the page. benchWatch knows it, too.
func benchToken(edit int) string { return fmt.Sprintf("zq%04dx", edit) }

// benchSaid is the sentence of an edit: of another length each time.
func benchSaid(edit int) string {
	r := rand.New(rand.NewPCG(1, uint64(edit)))
	return "The newest word is " + benchToken(edit) + ", " + benchProse(r, 2+r.IntN(12)) + "."
}

// The measurement.

// benchServer is a running tool.
type benchServer struct {
	*benchTool
	b          *testing.B
	dir, base  string
	pages      int
	page, last int // the page that is edited, the number of its newest edit
	log        *os.File
	client     *http.Client
	pauses     *rand.Rand
}

func (t *benchTool) measure(b *testing.B, pages int) *benchResult {
	s := &benchServer{benchTool: t, b: b, dir: b.TempDir(), pages: pages, page: pages / 2, pauses: rand.New(rand.NewPCG(2, uint64(pages))),
		client: &http.Client{Timeout: editPatience, Transport: &http.Transport{DisableCompression: true}}}
	defer s.client.CloseIdleConnections()
	for i := range pages {
		s.put(fmt.Sprintf(t.file, benchName(i)), t.source(pages, i, benchSaid(0)))
	}
	for name, text := range t.files {
		s.put(name, []byte(text))
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	l.Close() // nobody else is likely to get this port in the next moment
	s.base = "http://" + l.Addr().String()
	if s.log, err = os.Create(filepath.Join(b.TempDir(), "log")); err != nil {
		b.Fatal(err)
	}
	defer s.log.Close()
	c := t.start(s.dir, l.Addr().(*net.TCPAddr).Port)
	c.Stdout, c.Stderr = s.log, s.log
	// A group of its own, so that its children can be killed with it; and it dies with us, however we end.
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	began := time.Now()
	if err := c.Start(); err != nil {
		b.Fatalf("start %s: %v", t.name, err)
	}
	defer func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGKILL)
		_ = c.Wait() // killed, as it says
	}()

	r := &benchResult{}
	at, err := s.served(benchToken(0), loadPatience)
	s.check(err, "start")
	r.start = benchMS(at.Sub(began))
	benchSettle(c.Process.Pid)
	r.served = s.edits(func(token string) (time.Time, error) { return s.served(token, editPatience) })

	saw, stop := s.open()
	defer stop()
	_, err = saw(benchToken(s.last), loadPatience)
	s.check(err, "first page in the browser")
	benchSettle(c.Process.Pid)
	before := benchCPU(c.Process.Pid)
	r.dom = s.edits(func(token string) (time.Time, error) { return saw(token, editPatience) })
	r.cpu = benchMS(benchCPU(c.Process.Pid)-before) / (warmUps + measured)
	return r
}

func (s *benchServer) put(name string, text []byte) {
	at := filepath.Join(s.dir, filepath.FromSlash(name))
	if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o755), os.WriteFile(at, text, 0o644)); err != nil {
		s.b.Fatal(err)
	}
}

// check ends the benchmark after an error, with what the server has said last.
func (s *benchServer) check(err error, doing string) {
	if err == nil {
		return
	}
	text, _ := os.ReadFile(s.log.Name())
	s.b.Fatalf("%s, %d pages, %s: %v\n%s", s.name, s.pages, doing, err, text[max(0, len(text)-2000):])
}

// edits changes the page again and again and says how long it took until saw returned, in order of size.
func (s *benchServer) edits(saw func(token string) (time.Time, error)) []float64 {
	var out []float64
	file := filepath.Join(s.dir, filepath.FromSlash(fmt.Sprintf(s.file, benchName(s.page))))
	for i := range warmUps + measured {
		s.last++
		text := s.source(s.pages, s.page, benchSaid(s.last))
		time.Sleep(300*time.Millisecond + time.Duration(s.pauses.IntN(400_000))*time.Microsecond)
		start := time.Now()
		if err := os.WriteFile(file, text, 0o644); err != nil {
			s.b.Fatal(err)
		}
		at, err := saw(benchToken(s.last))
		s.check(err, fmt.Sprintf("edit %d", s.last))
		if i >= warmUps {
			out = append(out, benchMS(at.Sub(start)))
		}
	}
	slices.Sort(out)
	return out
}

// served asks for the page until the token is in it.
func (s *benchServer) served(token string, patience time.Duration) (time.Time, error) {
	req, err := http.NewRequest(http.MethodGet, s.base+fmt.Sprintf(s.text, benchName(s.page)), nil)
	if err != nil {
		return time.Time{}, err
	}
	last := "nothing was answered"
	for end := time.Now().Add(patience); time.Now().Before(end); {
		resp, err := s.client.Do(req)
		if err != nil { // it starts, or lets the connection go
			last = err.Error()
			time.Sleep(2 * time.Millisecond)
			continue
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		at := time.Now()
		kind := resp.Header.Get("Content-Type")
		if err == nil && strings.HasPrefix(kind, s.kind) && bytes.Contains(body, []byte(token)) {
			return at, nil
		}
		last = fmt.Sprintf("the last answer was %s with %d bytes of %s", resp.Status, len(body), kind)
	}
	return time.Time{}, fmt.Errorf("%s is not at %s after %v: %s", token, req.URL, patience, last)
}

// benchWatch runs in the page, before its own scripts and again after each load. It reports the token that the document
// holds whenever that becomes another one, with the time by the finer clock, and by the
// machine's before and after that.
const benchWatch = `if (window === top) {
	let last = "";
	new MutationObserver(() => {
		const found = /zq\d{4}x/.exec(document.body?.textContent ?? "")?.[0];
		if (!found || found === last) return;
		const before = Date.now(), at = performance.timeOrigin + performance.now();
		glossSaw([found, at, before, Date.now()].join(" "));
		last = found;
	}).observe(document, { subtree: true, childList: true, characterData: true });
}`

// open opens the page in a new Chromium. saw waits until its document holds a token and says since when.
func (s *benchServer) open() (saw func(token string, patience time.Duration) (time.Time, error), stop func()) {
	bin := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if p, err := exec.LookPath(name); err == nil {
			bin = p
			break
		}
	}
	if bin == "" {
		s.b.Fatal("there is no Chromium")
	}
	alloc, stopAlloc := chromedp.NewExecAllocator(context.Background(), chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.Headless, chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(s.b.TempDir()), chromedp.ExecPath(bin))
	ctx, stopTab := chromedp.NewContext(alloc)
	stop = func() { stopTab(); stopAlloc() }
	seen := make(chan string, 1000) // far more than there are edits
	err := chromedp.Listen(ctx, func(ev any) {
		if ev, ok := ev.(*runtime.EventBindingCalled); ok && ev.Name == "glossSaw" {
			seen <- ev.Payload
		}
	})
	if err == nil {
		_, err = chromedp.Call(ctx, runtime.AddBinding, runtime.AddBindingParams{Name: "glossSaw"})
	}
	if err == nil {
		_, err = chromedp.Call(ctx, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: benchWatch})
	}
	if err == nil {
		err = chromedp.Do(ctx, chromedp.Navigate(s.base+fmt.Sprintf(s.view, benchName(s.page))))
	}
	if err != nil {
		stop()
	}
	s.check(err, "open the page")
	return func(token string, patience time.Duration) (time.Time, error) {
		last := "nothing"
		for end := time.After(patience); ; {
			select {
			case last = <-seen:
			case <-end:
				return time.Time{}, fmt.Errorf("%s is not in the document after %v; it last told: %s", token, patience, last)
			}
			var found string
			var at, before, after float64
			if _, err := fmt.Sscan(last, &found, &at, &before, &after); err != nil {
				return time.Time{}, fmt.Errorf("the page told %q: %w", last, err)
			}
			if found != token { // of a reload that came late
				continue
			}
			if at < before-2 || at > after+3 { // these are whole numbers, rounded down
				return time.Time{}, fmt.Errorf("the page's two clocks differ: %s", last)
			}
			return time.UnixMicro(int64(at * 1000)), nil
		}
	}, stop
}

// benchSettle waits until a server has nothing more to do: VitePress misses edits while it still walks through the folder, and
// all miss a page whose script has not connected yet.
func benchSettle(group int) {
	for end := time.Now().Add(loadPatience); time.Now().Before(end); {
		before := benchCPU(group)
		time.Sleep(2 * time.Second)
		if benchCPU(group)-before < 100*time.Millisecond {
			return
		}
	}
}

// benchCPU is the processor time that the living processes of a group have used (proc_pid_stat(5)).
func benchCPU(group int) time.Duration {
	var ticks int64
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		text, err := os.ReadFile(name)
		if err != nil {
			continue // it has ended
		}
		f := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:])) // the name before it may hold anything
		if len(f) < 13 || f[2] != strconv.Itoa(group) {
			continue
		}
		user, _ := strconv.ParseInt(f[11], 10, 64)
		system, _ := strconv.ParseInt(f[12], 10, 64)
		ticks += user + system
	}
	return time.Duration(ticks) * 10 * time.Millisecond // USER_HZ is 100 wherever Go runs on Linux
}

func benchMS(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// benchQuantile is the nearest rank in sorted values.
func benchQuantile(sorted []float64, q float64) float64 {
	return sorted[max(0, int(q*float64(len(sorted))+0.9999)-1)]
}

// figures are the columns of the table.
func (r *benchResult) figures() []float64 {
	return []float64{benchQuantile(r.served, 0.5), benchQuantile(r.served, 0.95), benchQuantile(r.dom, 0.5), benchQuantile(r.dom, 0.95), r.cpu, r.start}
}

// benchPrint prints the table and reports the figures that a later run may be held against.
func benchPrint(b *testing.B, pages int, tools []*benchTool, results map[string]*benchResult) {
	var w strings.Builder
	fmt.Fprintf(&w, "\n\nLive edits of %d pages, %d edits each, all times in ms\n\n", pages, measured)
	w.WriteString("| | served, median | p95 | DOM, median | p95 | CPU per edit | start to first page |\n|---|--:|--:|--:|--:|--:|--:|\n")
	names := []string{"served-ms", "served-p95-ms", "dom-ms", "dom-p95-ms", "cpu-ms", "start-ms"}
	gloss := results["gloss"].figures()
	for i, f := range gloss {
		b.ReportMetric(f, names[i])
	}
	for _, t := range tools {
		if results[t.name] == nil {
			fmt.Fprintf(&w, "| %s: MISSING | | | | | | |\n", t.name)
			continue
		}
		fmt.Fprintf(&w, "| %s |", t.name)
		for _, f := range results[t.name].figures() {
			fmt.Fprintf(&w, " %.1f |", f)
		}
		w.WriteString("\n")
	}
	for _, t := range tools[1:] {
		if results[t.name] == nil {
			continue
		}
		fmt.Fprintf(&w, "| gloss/%s |", t.name)
		for i, f := range results[t.name].figures() {
			ratio := gloss[i] / cmp.Or(f, 0.001) // a server that used no time at all
			fmt.Fprintf(&w, " %.3f |", ratio)
			b.ReportMetric(ratio, strings.TrimSuffix(names[i], "-ms")+"/"+t.name)
		}
		w.WriteString("\n")
	}
	w.WriteString("\n")
	for _, t := range tools {
		if t.missing != nil {
			fmt.Fprintf(&w, "%s is MISSING, it was NOT measured: %v\n", t.name, t.missing)
		} else {
			fmt.Fprintf(&w, "%s: %s\n", t.name, t.about)
		}
	}
	if len(tools) == 1 {
		w.WriteString("Peers were NOT measured: set GLOSS_PEERS=1 to install Hugo and VitePress and measure them, too.\n")
	}
	fmt.Println(w.String())
}
