package serve

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// send makes a request as a hostile page or a broken client might.
func (p *preview) send(method, path, body string, header map[string]string) (int, string) {
	p.t.Helper()
	r, err := http.NewRequest(method, p.origin+path, strings.NewReader(body))
	p.must(err)
	for k, v := range header {
		if k == "Host" {
			r.Host = v
		}
		r.Header.Set(k, v)
	}
	answer, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}).Do(r)
	p.must(err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	p.must(err)
	if got := answer.Header.Get("Cache-Control"); got != "no-store" {
		p.t.Errorf("%s %s: Cache-Control is %q (T-51)", method, path, got)
	}
	return answer.StatusCode, string(text)
}

// TestOnlyThisMachine: no page of another site can reach the preview (DNS rebinding, T-50).
func TestOnlyThisMachine(t *testing.T) {
	p := start(t, small(), func(s *server) { s.Hosts = []string{"box.example:443"} })
	host := strings.TrimPrefix(p.origin, "http://")
	_, port, _ := net.SplitHostPort(host)
	for _, c := range []struct {
		header map[string]string
		want   int
	}{
		{nil, 200},
		{map[string]string{"Host": "localhost:" + port}, 200},
		{map[string]string{"Host": "LOCALHOST"}, 200},
		{map[string]string{"Host": "[::1]:" + port}, 200},
		{map[string]string{"Host": "evil.example"}, 403},
		{map[string]string{"Host": "evil.example:" + port}, 403},
		{map[string]string{"Host": "localhost.evil.example"}, 403},
		{map[string]string{"Host": "192.0.2.1:" + port}, 403},
		{map[string]string{"X-Forwarded-Host": "evil.example"}, 200}, // ignored
		{map[string]string{"Host": "evil.example", "X-Forwarded-Host": "localhost"}, 403},
		{map[string]string{"Host": "box.example"}, 200},
		{map[string]string{"Origin": p.origin}, 200},
		{map[string]string{"Origin": "http://evil.example"}, 403},
		{map[string]string{"Origin": "null"}, 403},
		{map[string]string{"Origin": "http://localhost:1"}, 403},
		{map[string]string{"Origin": "https://box.example"}, 200}, // a proxy that says localhost
		{map[string]string{"Origin": "http://localhost:" + port, "Host": "localhost:" + port}, 200},
	} {
		for _, path := range []string{"/x/a/", "/_gloss/page?path=/x/a/", "/_gloss/client.js"} {
			if got, _ := p.send("GET", path, "", c.header); got != c.want {
				t.Errorf("GET %s with %v: status %d, want %d", path, c.header, got, c.want)
			}
		}
	}
}

// TestNoWayOut asks for files outside the served tree, encoded and not.
func TestNoWayOut(t *testing.T) {
	p := start(t, small(), nil)
	p.write("secret.txt", "secret")
	for _, path := range []string{"/../secret.txt", "/x/../secret.txt", "/x/..%2fsecret.txt", "/x/%2e%2e/secret.txt", "/x/%2e%2e%2fsecret.txt", `/x/..\secret.txt`, "/x/..%5csecret.txt",
		"/x//secret.txt", "/secret.txt", "/x/secret.txt", "/x/site.toml", "/x/content/a.md", "/x/.gloss-files", "/_gloss/../secret.txt", "/_gloss/serve.go", "/_gloss/client/client.js", "/x/a/%00", "//evil.example/", "/x/a//"} {
		c, err := net.Dial("tcp", strings.TrimPrefix(p.origin, "http://"))
		p.must(err)
		// By hand, since a client would tidy the path up.
		_, err = fmt.Fprintf(c, "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", path)
		p.must(err)
		b, err := io.ReadAll(c)
		p.must(err)
		c.Close()
		if head, _, _ := strings.Cut(string(b), "\r\n"); strings.Contains(string(b), "secret\n") || !strings.Contains(head, " 404 ") && !strings.Contains(head, " 400 ") {
			t.Errorf("%s: %.200s", path, b)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
		if got, _ := p.send(method, "/x/a/", "", nil); got != http.StatusMethodNotAllowed {
			t.Errorf("%s: status %d", method, got)
		}
	}
}

// TestEditorAndNewPages: only a page of the preview may ask, for what a finding, a block or a link names.
func TestEditorAndNewPages(t *testing.T) {
	files := small()
	files["content/a.md"] = "# A\n\nSee [[Camp Taji]] and [[?Camp Nine]] and ![[../up]] and [b](deep/b.md).\n"
	files["content/terms/c.md"] = "---\ntitle: C\nsummary: S.\n---\n\nBlock one.\n\nBlock two.\n"
	dir := t.TempDir()
	out := filepath.Join(dir, "opened by")
	p := start(t, files, nil)
	token := map[string]string{"X-Gloss-Token": p.s.token, "Content-Type": "application/json", "Origin": p.origin}
	with := func(k, v string) map[string]string {
		h := map[string]string{}
		for a, b := range token {
			h[a] = b
		}
		h[k] = v
		return h
	}
	_, page := p.get("a/")
	if !strings.Contains(page, p.s.token) {
		t.Fatal("the page does not hold the token")
	}
	open := func(body string, header map[string]string) (int, string) {
		return p.send("POST", "/_gloss/open", body, header)
	}
	for name, h := range map[string]map[string]string{"no token": with("X-Gloss-Token", ""), "a wrong token": with("X-Gloss-Token", "0"), "no origin": with("Origin", ""), "another origin": with("Origin", "http://evil.example"),
		"a form": with("Content-Type", "text/plain"), "another site": with("Sec-Fetch-Site", "cross-site")} {
		for _, path := range []string{"/_gloss/open", "/_gloss/create"} {
			if got, text := p.send("POST", path, `{"path":"/x/a/","target":"Camp Taji","file":"content/camp-taji.md"}`, h); got != 403 {
				t.Errorf("%s with %s: %d %s", path, name, got, text)
			}
		}
	}
	if got, _ := p.send("GET", "/_gloss/create", "", token); got != http.StatusMethodNotAllowed {
		t.Errorf("GET create: %d", got)
	}

	// The editor, by block and by finding.
	a := p.about("terms/c/")
	if a.Words != 4 || a.Paragraphs != 2 || a.Cited != 0 || a.File != "content/terms/c.md" {
		t.Errorf("about C: %+v", a)
	}
	_, c := p.get("terms/c/")
	second := c[strings.Index(c, `<p id="b-`)+7:]
	second = second[strings.Index(second, `<p id="b-`)+7:]
	second = second[:strings.IndexByte(second, '"')]
	for body, want := range map[string]string{
		`{"path":"/x/terms/c/","block":"` + second + `"}`:                                   "content/terms/c.md:8:1",
		`{"path":"/x/terms/c/","block":"_e1-` + second + `"}`:                               "content/terms/c.md:8:1",
		`{"path":"/x/terms/c/","block":""}`:                                                 "content/terms/c.md:1:1",
		`{"path":"/x/facts/","block":"n"}`:                                                  "content/data/facts.toml:1:2",
		`{"path":"/x/terms/","block":"c"}`:                                                  "content/terms/c.md:1:1",
		`{"path":"/x/a/","finding":{"file":"content/a.md","line":3,"column":5}}`:            "content/a.md:3:5",
		`{"path":"/x/a/","finding":{"file":"content/data/facts.toml","line":6,"column":8}}`: "content/data/facts.toml:6:8",
	} {
		status, text := open(body, token)
		if status != 200 || !strings.Contains(text, `"vscode://file`+filepath.ToSlash(p.dir)+"/"+want+`"`) {
			t.Errorf("open %s: %d %s, want %s", body, status, text, want)
		}
	}
	for _, body := range []string{`{"path":"/x/a/","finding":{"file":"/etc/passwd","line":1,"column":1}}`, `{"path":"/x/a/","finding":{"file":"../../etc/passwd","line":1,"column":1}}`,
		`{"path":"/x/a/","finding":{"file":"content/z.md","line":2,"column":1}}`, `{"path":"/x/nothing/","block":""}`, `{"path":"/x/timeline/","block":"x"}`, `nonsense`, `[]`, ``} {
		if status, text := open(body, token); status == 200 {
			t.Errorf("open %s: %d %s", body, status, text)
		}
	}
	p.write("site.toml", files["site.toml"]+"editor = \"cp {file} "+strings.ReplaceAll(out, " ", "-")+"\"\n")
	p.settle()
	if status, text := open(`{"path":"/x/terms/c/","block":""}`, token); status != 200 || !strings.Contains(text, `"url":""`) {
		t.Errorf("with a command: %d %s", status, text)
	}
	deadline := time.Now().Add(long)
	for {
		if b, err := os.ReadFile(strings.ReplaceAll(out, " ", "-")); err == nil && string(b) == files["content/terms/c.md"] {
			break
		} else if time.Now().After(deadline) {
			t.Fatalf("the editor was not run: %v", err)
		}
	}

	// New pages, for the links that ask for them.
	a = p.about("a/")
	if len(a.Broken) != 3 || len(a.Planned) != 1 || a.Broken[0].Finding < 0 || a.Findings[a.Broken[0].Finding].Code != "broken-link" {
		t.Fatalf("gaps: %+v, %+v", a.Broken, a.Planned)
	}
	create := func(target, file string) int {
		b, _ := json.Marshal(map[string]string{"path": "/x/a/", "target": target, "file": file})
		status, _ := p.send("POST", "/_gloss/create", string(b), token)
		return status
	}
	for target, file := range map[string]string{"Camp Taji": "content/other.md", "../up": "content/../up.md", "Nobody": "content/nobody.md", "a": "content/a.md", "": "", "Camp Nine": "site.toml", "Camp  Taji": "content/camp-taji.md"} {
		if got := create(target, file); got != 403 {
			t.Errorf("create %s for %s: %d", file, target, got)
		}
	}
	for target, file := range map[string]string{"Camp Taji": "content/terms/camp-taji.md", "Camp Nine": "content/camp-nine.md", "deep/b.md": "content/deep/b.md"} {
		if got := create(target, file); got != 200 {
			t.Errorf("create %s for %s: %d", file, target, got)
		}
		p.settle()
		if b, err := os.ReadFile(p.path(file)); err != nil || !strings.HasPrefix(string(b), "---\ntitle: ") {
			t.Errorf("%s holds %q (%v)", file, b, err)
		}
		if got := create(target, file); got != 403 && got != 409 {
			t.Errorf("create it again: %d", got)
		}
	}
	if _, now := p.get("a/"); !strings.Contains(now, `href="../terms/camp-taji/"`) || !strings.Contains(now, `href="../camp-nine/"`) || !strings.Contains(now, `href="../deep/b/"`) {
		t.Errorf("the links are not whole: %s", now)
	}
	if entries, _ := os.ReadDir(p.dir); len(entries) != 2 {
		t.Errorf("the folder of the site holds %v", entries)
	}

	// A folder that leads out of the site is no place for a page.
	p.must(os.Symlink(dir, p.path("content/out")))
	p.write("content/a.md", "# A\n\nSee [[out/x]].\n")
	p.settle()
	if got := create("out/x", "content/out/x.md"); got == 200 {
		t.Error("a page was written outside the site")
	}
	if _, err := os.Stat(filepath.Join(dir, "x.md")); err == nil {
		t.Error("there is a page outside the site")
	}
}

// TestManyTabs: 200 listeners hear of a save, while others never read and vanish.
func TestManyTabs(t *testing.T) {
	p := start(t, small(), nil)
	for range 20 { // asks, and reads nothing
		c, err := net.Dial("tcp", strings.TrimPrefix(p.origin, "http://"))
		p.must(err)
		_, err = io.WriteString(c, "GET /_gloss/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
		p.must(err)
		defer c.Close()
	}
	for range 20 { // gone at once
		c, err := net.Dial("tcp", strings.TrimPrefix(p.origin, "http://"))
		p.must(err)
		_, err = io.WriteString(c, "GET /_gloss/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
		p.must(err)
		c.Close()
	}
	var ready, done sync.WaitGroup
	for range 200 {
		ready.Add(1)
		done.Go(func() {
			r, err := http.Get(p.origin + "/_gloss/events")
			if err != nil {
				t.Error(err)
				ready.Done()
				return
			}
			defer r.Body.Close()
			var got bytes.Buffer
			buf := make([]byte, 4096)
			hello := false
			for !strings.Contains(got.String(), `"build":2`) {
				n, err := r.Body.Read(buf)
				got.Write(buf[:n])
				if !hello && strings.Contains(got.String(), "hello") {
					hello = true
					ready.Done()
				}
				if err != nil {
					t.Errorf("after %q: %v", got.String(), err)
					return
				}
			}
		})
	}
	ready.Wait()
	p.write("content/a.md", "# A\n\nText for two hundred, and then some more of it.\n\nIts last paragraph.\n")
	done.Wait()
	if n := p.next(); n.Build != 2 {
		t.Errorf("%+v", n)
	}
}

// TestMissedBuilds: who was away for long is told so with a hello; who missed a few hears them all.
func TestMissedBuilds(t *testing.T) {
	var n news
	for i := range 100 {
		n.tell(notice{Type: "build", Build: i + 2})
	}
	if _, known, _, _ := n.after(50); known {
		t.Error("build 51 is no longer kept, and is said to be")
	}
	if list, known, _, _ := n.after(95); !known || len(list) != 6 || list[0].Build != 96 {
		t.Errorf("after 95: %v, %v", list, known)
	}
	if list, known, wait, _ := n.after(101); !known || len(list) != 0 || wait == nil {
		t.Errorf("after 101: %v, %v", list, known)
	}
	n.tell(notice{Build: 200, Changed: make([]string, mostChanged+1)})
	if list, _, _, _ := n.after(199); len(list) != 1 || list[0].Changed != nil {
		t.Errorf("too many changed pages are all named: %v", list)
	}
}

// TestOtherScripts: what the browser says of an address is escaped.
func TestOtherScripts(t *testing.T) {
	files := small()
	files["content/terms/معسكر.md"] = "---\ntitle: معسكر\nsummary: S.\n---\n\nOne two.\n"
	p := start(t, files, nil)
	if a := p.about("terms/%25D9%2585%25D8%25B9%25D8%25B3%25D9%2583%25D8%25B1/"); !a.Exists || a.Words != 2 || a.URL != "terms/معسكر/" {
		t.Errorf("%+v", a)
	}
}

func TestWidened(t *testing.T) {
	for in, want := range map[string]string{
		"":                   "frame-ancestors 'self'",
		"default-src 'none'": "default-src 'none'; script-src 'self'; connect-src 'self'; frame-src 'self'; worker-src 'self'; img-src 'self'; frame-ancestors 'self'",
		"default-src 'self'; style-src 'sha256-x='; script-src 'none'; frame-ancestors 'none'": "default-src 'self'; style-src 'sha256-x='; script-src 'self'; frame-ancestors 'none'; connect-src 'self'; frame-src 'self'; worker-src 'self'; img-src 'self'",
		"img-src https://a.example; IMG-SRC x":                                                 "img-src https://a.example 'self'; frame-ancestors 'self'",
	} {
		if got := widened(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
