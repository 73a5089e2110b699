package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gloss"
	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
)

// weather is a site on the net that answers as its paths say, and counts what it is asked.
type weather struct {
	*httptest.Server
	mu    sync.Mutex
	asked []string // "HEAD /200"
	busy  map[string]int
	most  int // requests at once
	now   int
}

func newWeather(t *testing.T) *weather {
	w := &weather{busy: map[string]int{}}
	w.Server = httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, q *http.Request) {
		w.mu.Lock()
		w.asked = append(w.asked, q.Method+" "+q.URL.Path)
		w.busy[q.URL.Path]++
		n := w.busy[q.URL.Path]
		w.now++
		w.most = max(w.most, w.now)
		w.mu.Unlock()
		defer func() { w.mu.Lock(); w.now--; w.mu.Unlock() }()
		if !strings.Contains(q.UserAgent(), "gloss") {
			t.Errorf("%s is asked for by %q", q.URL, q.UserAgent())
		}
		switch p := q.URL.Path; {
		case p == "/301":
			http.Redirect(rw, q, "/200", http.StatusMovedPermanently)
		case p == "/circle":
			http.Redirect(rw, q, "/circle", http.StatusFound)
		case p == "/to-404":
			http.Redirect(rw, q, "/404", http.StatusFound)
		case p == "/no-head" && q.Method == http.MethodHead:
			rw.WriteHeader(http.StatusMethodNotAllowed)
		case p == "/head-404" && q.Method == http.MethodHead:
			rw.WriteHeader(http.StatusNotFound)
		case p == "/429-once" && n == 1:
			rw.Header().Set("Retry-After", "7")
			rw.WriteHeader(http.StatusTooManyRequests)
		case p == "/429":
			rw.Header().Set("Retry-After", "3600")
			rw.WriteHeader(http.StatusTooManyRequests)
		case p == "/503-date" && n == 1:
			rw.Header().Set("Retry-After", noon.Add(40*time.Second).Format(http.TimeFormat))
			rw.WriteHeader(http.StatusServiceUnavailable)
		case p == "/silent":
			<-q.Context().Done()
		default:
			code, err := strconv.Atoi(strings.TrimPrefix(p, "/"))
			if err != nil {
				code = http.StatusOK
			}
			rw.WriteHeader(code)
		}
	}))
	t.Cleanup(w.Close)
	return w
}

// requests are those for a path since the last time.
func (w *weather) requests() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := w.asked
	w.asked = nil
	return out
}

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

// asker asks with a clock that only the test moves; its pauses are noted and take no time.
type asker struct {
	*outside
	at     time.Time
	pauses []time.Duration
}

func newAsker(private bool) *asker {
	a := &asker{at: noon}
	a.outside = &outside{client: newClient(private), agent: "gloss-test", gap: usualGap, known: map[string]verdict{}, save: func(map[string]verdict) error { return nil },
		now: func() time.Time { return a.at }, pause: func(d time.Duration) { a.pauses = append(a.pauses, d) }}
	return a
}

func (a *asker) state(t *testing.T, u string) string {
	t.Helper()
	if err := a.ask([]string{u}); err != nil {
		t.Fatal(err)
	}
	return a.known[u].State
}

// TestOutsideAnswers asks a server for each kind of answer: only one that says twice, hours apart, that a page does not
// exist makes a link dead.
func TestOutsideAnswers(t *testing.T) {
	w := newWeather(t)
	for _, c := range []struct {
		path          string
		first, second string // at once, and seven hours later
		asked         string // the first time
	}{
		{"/200", good, good, "HEAD /200"},
		{"/301", good, good, "HEAD /301 HEAD /200"},
		{"/no-head", good, good, "HEAD /no-head GET /no-head"},
		{"/head-404", good, good, "HEAD /head-404 GET /head-404"},
		{"/403", unsure, unsure, "HEAD /403 GET /403"},
		{"/401", unsure, unsure, "HEAD /401 GET /401"},
		{"/451", unsure, unsure, "HEAD /451 GET /451"},
		{"/429", unsure, unsure, "HEAD /429"},
		{"/429-once", good, good, "HEAD /429-once HEAD /429-once"},
		{"/503-date", good, good, "HEAD /503-date HEAD /503-date"},
		{"/500", unsure, unsure, "HEAD /500 GET /500"},
		{"/503", unsure, unsure, "HEAD /503 GET /503"},
		{"/999", unsure, unsure, "HEAD /999 GET /999"},
		{"/silent", unsure, unsure, "HEAD /silent GET /silent"},
		{"/circle", unsure, unsure, ""},
		{"/404", missing, dead, "HEAD /404 GET /404"},
		{"/410", missing, dead, "HEAD /410 GET /410"},
		{"/to-404", missing, dead, "HEAD /to-404 HEAD /404 GET /to-404 GET /404"},
	} {
		a := newAsker(true)
		a.client.Timeout = 10 * time.Second
		if c.path == "/silent" {
			a.client.Timeout = 20 * time.Millisecond
		}
		w.requests()
		if got := a.state(t, w.URL+c.path); got != c.first {
			t.Errorf("%s is %s, want %s: %+v", c.path, got, c.first, a.known)
		}
		if got := strings.Join(w.requests(), " "); c.asked != "" && got != c.asked {
			t.Errorf("%s: asked %s, want %s", c.path, got, c.asked)
		} else if n := strings.Count(got, "/circle"); c.path == "/circle" && n != 2*(redirects+1) {
			t.Errorf("%d requests on the way round a circle", n)
		}
		switch c.path {
		case "/429-once":
			if !slices.Equal(a.pauses, []time.Duration{7 * time.Second}) {
				t.Errorf("%s: waited %v", c.path, a.pauses)
			}
		case "/503-date":
			if !slices.Equal(a.pauses, []time.Duration{40 * time.Second}) {
				t.Errorf("%s: waited %v", c.path, a.pauses)
			}
		}
		a.at = noon.Add(7 * time.Hour)
		if got := a.state(t, w.URL+c.path); got != c.second {
			t.Errorf("%s is %s seven hours later, want %s", c.path, got, c.second)
		}
	}
}

// TestOutsideMemory: how long an answer holds, and what an answer does to what was known.
func TestOutsideMemory(t *testing.T) {
	w := newWeather(t)
	for _, c := range []struct {
		path  string
		holds time.Duration
	}{{"/200", 30 * 24 * time.Hour}, {"/403", time.Hour}, {"/404", 6 * time.Hour}} {
		a := newAsker(true)
		a.state(t, w.URL+c.path)
		w.requests()
		a.at = noon.Add(c.holds - time.Second)
		a.state(t, w.URL+c.path)
		if got := w.requests(); len(got) != 0 {
			t.Errorf("%s: asked again too soon: %v", c.path, got)
		}
		a.at = noon.Add(c.holds)
		a.state(t, w.URL+c.path)
		if got := w.requests(); len(got) == 0 {
			t.Errorf("%s: never asked again", c.path)
		}
	}
	hour := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Hour) }
	for _, c := range []struct{ what, answers, want string }{ // one answer an hour
		{"twice at once", "missing missing", missing},
		{"twice, far apart", "missing - - - - - missing", dead},
		{"with a failure in between", "missing unsure - - - - missing", dead},
		{"found in between", "missing good - - - - missing", missing},
		{"dead and then silent", "missing - - - - - missing unsure", dead},
		{"dead and missing still", "missing - - - - - missing missing", dead},
		{"dead and found again", "missing - - - - - missing good", good},
		{"only failures", "unsure unsure - - - - unsure unsure", unsure},
	} {
		v := verdict{}
		for i, s := range strings.Fields(c.answers) {
			if s != "-" {
				v = judge(v, verdict{State: s}, hour(i))
			}
		}
		if v.State != c.want {
			t.Errorf("%s: %s, want %s", c.what, v.State, c.want)
		}
	}
}

// TestOutsidePolite: each address once, one request at a time for a host, longer and longer pauses after failures, and
// an end to it.
func TestOutsidePolite(t *testing.T) {
	w := newWeather(t)
	a := newAsker(true)
	if err := a.ask([]string{w.URL + "/200", w.URL + "/200", w.URL + "/a", w.URL + "/b", w.URL + "/c", "mailto:x@example.org", "http://", w.URL + "/200"}); err != nil {
		t.Fatal(err)
	}
	if got := w.requests(); !slices.Equal(got, []string{"HEAD /200", "HEAD /a", "HEAD /b", "HEAD /c"}) || w.most != 1 || a.asked != 4 {
		t.Errorf("asked %v, %d at once", got, w.most)
	}
	if !slices.Equal(a.pauses, []time.Duration{usualGap, usualGap, usualGap}) {
		t.Errorf("pauses: %v", a.pauses)
	}
	a = newAsker(true)
	if err := a.ask([]string{w.URL + "/500", w.URL + "/501", w.URL + "/502", w.URL + "/504", w.URL + "/505"}); err != nil {
		t.Fatal(err)
	}
	if got := w.requests(); len(got) != 2*failures || len(a.known) != failures {
		t.Errorf("a host that fails is asked %v", got)
	}
	if want := []time.Duration{usualGap, 2 * usualGap, usualGap, 4 * usualGap, usualGap}; !slices.Equal(a.pauses, want) {
		t.Errorf("pauses after failures: %v, want %v", a.pauses, want)
	}
	a = newAsker(true)
	if err := a.ask([]string{w.URL + "/429", w.URL + "/200"}); err != nil {
		t.Fatal(err)
	}
	if got := w.requests(); !slices.Equal(got, []string{"HEAD /429"}) {
		t.Errorf("a host that wants to be left alone is asked %v", got)
	}
}

// TestOutsidePrivate: without being told so nobody in a private network is asked, not even through a redirect.
func TestOutsidePrivate(t *testing.T) {
	w := newWeather(t)
	a := newAsker(false)
	for _, u := range []string{w.URL + "/200", strings.Replace(w.URL, "127.0.0.1", "localhost", 1) + "/200", strings.Replace(w.URL, "127.0.0.1", "[::ffff:127.0.0.1]", 1) + "/200"} {
		if got := a.state(t, u); got != unsure || !strings.Contains(a.known[u].Why, errPrivate.Error()) {
			t.Errorf("%s: %+v", u, a.known[u])
		}
	}
	if got := w.requests(); len(got) > 0 {
		t.Errorf("asked %v", got)
	}
	for at, want := range map[string]bool{"192.0.2.1": true, "2001:db8::1": true, "127.0.0.1": false, "10.1.2.3": false, "192.168.0.1": false, "172.16.0.1": false, "169.254.169.254": false,
		"100.64.0.1": false, "0.0.0.0": false, "::1": false, "fe80::1": false, "fd00::1": false, "64:ff9b::a00:1": false, "255.255.255.255": false, "224.0.0.1": false} {
		if got := public(netip.MustParseAddr(at)); got != want {
			t.Errorf("%s is public: %v", at, got)
		}
	}
}

// TestExternal is the story of a link that dies, on the command line: it is found missing, hours later dead, recorded,
// and the site leads to the archived copy; it comes back, and the record goes. A build asks nobody.
func TestExternal(t *testing.T) {
	w := newWeather(t)
	dir, cache := t.TempDir(), filepath.Join(t.TempDir(), "links.json")
	page := "---\ntitle: Why?\nanswer: It cracked.\npublished: \"2024-03-02\"\nauthors: [a]\n---\nThe [report](" + w.URL + "/404#part) says so [@copied; @lost; @fine].\n"
	machineFilesTo(t, dir, "-- site.toml --\ntitle = \"Piers\"\n[authors.a]\nname = \"A\"\n[checks]\nlocal-url = \"off\"\n-- content/sections/10-why.md --\n"+page+`-- content/data/sources.json --
[{"id":"copied","type":"book","title":"Copied","URL":"`+w.URL+`/404","archive_location":"https://archive.example/404"},
 {"id":"lost","type":"book","title":"Lost","URL":"`+w.URL+`/410"},
 {"id":"fine","type":"book","title":"Fine","URL":"`+w.URL+`/200"}]
`)
	type found struct{ Code, Severity, File, Message, Hint string }
	check := func(args ...string) (list []found, at []string, errs string) {
		t.Helper()
		var out, said bytes.Buffer
		if status := run(append([]string{"check", "-C", dir, "--format", "json", "--private", "--pause", "0", "--cache", cache}, args...), &out, &said); status != 0 {
			t.Fatalf("status %d: %s", status, &said)
		}
		var doc struct {
			Findings []struct {
				found
				Line, Column int
			}
		}
		if err := json.Unmarshal(out.Bytes(), &doc); err != nil {
			t.Fatal(err)
		}
		for _, f := range doc.Findings {
			list = append(list, f.found)
			at = append(at, fmt.Sprintf("%s:%d:%d %s", f.File, f.Line, f.Column, f.Code))
		}
		return list, at, said.String()
	}
	made := func() string {
		t.Helper()
		var said bytes.Buffer
		if status := run([]string{"build", "-C", dir, "--base-url", "https://example.org/"}, &said, &said); status != 0 {
			t.Fatalf("build: status %d: %s", status, &said)
		}
		text, err := os.ReadFile(filepath.Join(dir, "public/why/index.html"))
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	later := func() { // seven hours pass
		t.Helper()
		text, err := os.ReadFile(cache)
		if err != nil {
			t.Fatal(err)
		}
		known := map[string]verdict{}
		if err := json.Unmarshal(text, &known); err != nil {
			t.Fatal(err)
		}
		for u, v := range known {
			v.Asked = v.Asked.Add(-7 * time.Hour)
			if !v.Missing.IsZero() {
				v.Missing = v.Missing.Add(-7 * time.Hour)
			}
			known[u] = v
		}
		if text, err = json.Marshal(known); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(cache, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	original := `<a href="` + w.URL + `/404">original</a>`

	if list, _, _ := check(); len(list) > 0 || len(w.requests()) > 0 {
		t.Errorf("a check asks the net: %v", list)
	}
	if html := made(); !strings.Contains(html, original) || len(w.requests()) > 0 {
		t.Error("a build does not lead to the original, or asks the net")
	}
	list, _, errs := check("--external")
	if len(list) > 0 || !strings.Contains(errs, "Links to other sites: 3, of which 3 were asked for now; 1 answer, 0 not certain, 2 not found once, 0 gone.") || !strings.Contains(errs, w.URL+"/404: not found once") {
		t.Errorf("the first time: %v\n%s", list, errs)
	}
	w.requests()
	if list, _, _ := check("--external"); len(list) > 0 || len(w.requests()) > 0 {
		t.Error("it asks again at once, or judges after one answer")
	}
	later()
	list, at, errs := check("--external")
	if want := []string{"content/data/sources.json:1:54 dead-link", "content/data/sources.json:2:50 dead-link", "content/sections/10-why.md:7:5 dead-link"}; !slices.Equal(at, want) || !strings.Contains(errs, "2 gone") {
		t.Fatalf("seven hours later: %v, want %v\n%s", at, want, errs)
	}
	if f := list[2]; f.Severity != "warning" || !strings.Contains(f.Message, w.URL+"/404 is gone") || !strings.Contains(f.Hint, "--external --fix") || !strings.Contains(f.Hint, "https://archive.example/404") {
		t.Errorf("it says %+v", f)
	}
	if exists(filepath.Join(dir, deadFile)) {
		t.Error("a check has written into the site")
	}

	w.requests()
	_, at, _ = check("--external", "--fix")
	if want := []string{"content/data/sources.json:2:50 dead-link", "content/sections/10-why.md:7:5 dead-link"}; !slices.Equal(at, want) { // the copied one is in order
		t.Errorf("recorded: %v, want %v", at, want)
	}
	html := made()
	if len(w.requests()) > 0 {
		t.Error("a build asks the net")
	}
	if strings.Contains(html, original) || !strings.Contains(strings.Join(strings.Fields(html), " "), `<a href="https://archive.example/404">archived copy</a></span> <span>original gone since `) || !strings.Contains(html, `<a href="`+w.URL+`/410">original</a>`) {
		t.Errorf("the page does not lead to the copy: %s", html)
	}
	record, err := os.ReadFile(filepath.Join(dir, deadFile))
	if err != nil || strings.Count(string(record), "[[dead]]") != 2 {
		t.Errorf("the record: %s, %v", record, err)
	}
	if list, _, _ := check(); len(list) != 2 { // from the record alone
		t.Errorf("without the net: %v", list)
	}

	// The one that is copied answers again.
	text, err := os.ReadFile(cache)
	if err != nil {
		t.Fatal(err)
	}
	text = bytes.Replace(text, []byte(w.URL+`/404": {`), []byte(w.URL+`/404": {"state": "good", "asked": "`+time.Now().Format(time.RFC3339)+`"}, "x": {`), 1)
	if err := os.WriteFile(cache, text, 0o644); err != nil {
		t.Fatal(err)
	}
	list, at, _ = check("--external")
	if !slices.Contains(at, deadFile+":3:1 dead-link") && !slices.ContainsFunc(list, func(f found) bool { return f.File == deadFile && strings.Contains(f.Message, "answers again") }) {
		t.Errorf("it answers again: %v", list)
	}
	check("--external", "--fix")
	if html := made(); !strings.Contains(html, original) {
		t.Error("the page does not lead to the original again")
	}
}

// machineFilesTo writes the files of a site.
func machineFilesTo(t *testing.T, dir, files string) {
	t.Helper()
	(&fixture{files: machineFiles(files)}).write(t, dir)
}

// TestDeadRecordsAreTOML: what check writes a build can read, whatever an address holds.
func TestDeadRecordsAreTOML(t *testing.T) {
	const odd = `https://example.org/"q"\&<é>?a=[b]`
	dir := t.TempDir()
	machineFilesTo(t, dir, "-- site.toml --\ntitle = \"T\"\n-- content/index.md --\n---\ntitle: T\n---\n"+"[x](<"+strings.NewReplacer(`\`, `\\`, "<", `\<`, ">", `\>`).Replace(odd)+">)\n"+"-- "+deadFile+" --\n"+string(deadRecords([]content.Dead{{URL: odd, Since: content.Date{ISO: "2026-11-24"}}})))
	tr, err := build.Read(dir, gloss.Theme)
	if err != nil {
		t.Fatal(err)
	}
	r := build.Build(tr, build.Env{}, nil)
	if len(r.Findings) != 1 || r.Findings[0].Code != "dead-link" || r.Findings[0].Severity != diag.Warning || !strings.Contains(r.Findings[0].Message, odd+" is gone since 24 November 2026") {
		t.Errorf("found %+v", r.Findings)
	}
}
