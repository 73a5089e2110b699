package serve

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// open opens the writer's editor where a block or finding stands: POST /_gloss/open. Only files that the build knows
// can be named.
func (s *server) open(w http.ResponseWriter, r *http.Request) {
	var ask struct {
		Path    string `json:"path"`
		Block   string `json:"block"`
		Finding *struct {
			File   string `json:"file"`
			Line   int    `json:"line"`
			Column int    `json:"column"`
		} `json:"finding"`
	}
	if err := json.NewDecoder(r.Body).Decode(&ask); err != nil {
		http.Error(w, "this request cannot be read: "+err.Error(), http.StatusBadRequest)
		return
	}
	file, at, ok := func() (string, diag.Position, bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if ask.Finding != nil {
			at := diag.Position{Line: ask.Finding.Line, Column: ask.Finding.Column}
			return ask.Finding.File, at, s.names(ask.Finding.File, at)
		}
		span, found := s.source(s.where(s.now.Load().within(ask.Path)), ask.Block)
		return span.File, diag.Locate(s.tree.Source(span.File), span.Start), found
	}()
	if !ok {
		http.Error(w, "This has no file of its own: the generator makes it.", http.StatusNotFound)
		return
	}
	s.answerOpened(w, file, at)
}

// within is an address relative to the base path. at is a location.pathname, so it is escaped.
func (e *edition) within(at string) string {
	return strings.TrimSuffix(strings.TrimPrefix(unescaped(at), e.base), "index.html")
}

func unescaped(at string) string {
	if plain, err := url.PathUnescape(at); err == nil {
		return plain
	}
	return at
}

// names says whether a finding, or a number that no record checks, stands at a place. The caller holds mu.
func (s *server) names(file string, at diag.Position) bool {
	for _, f := range s.found {
		for _, span := range append([]diag.Span{f.Span}, related(f)...) {
			if span.File == file && diag.Locate(s.tree.Source(file), span.Start) == at {
				return true
			}
		}
	}
	if s.last != nil {
		if p := pageOf(s.last.Site, file); p != nil {
			return slices.ContainsFunc(p.Numbers, func(n content.Number) bool { return diag.Locate(s.tree.Source(file), n.Span.Start) == at })
		}
	}
	return false
}

func related(f diag.Finding) []diag.Span {
	var out []diag.Span
	for _, r := range f.Related {
		out = append(out, r.Span)
	}
	return out
}

// answerOpened opens a place in the editor, or says how the browser can.
func (s *server) answerOpened(w http.ResponseWriter, file string, at diag.Position) {
	u, err := s.edit(file, at)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(map[string]string{"file": file, "url": u})
}

var embedPrefix = regexp.MustCompile(`^(?:_e\d+-|_q(\d+)-)`)

// source finds where in the files an element of a page comes from, by its id. The caller holds mu.
func (s *server) source(at spot, id string) (diag.Span, bool) {
	if at.page == nil && at.made == nil {
		return diag.Span{}, false
	}
	all := s.last.Site
	page := at.page
	shown := []*site.Page{} // whose blocks the element may be: the page's own, or those it shows
	bare := id
	for {
		m := embedPrefix.FindStringSubmatch(bare)
		if m == nil {
			break
		}
		bare = bare[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil && n >= 1 && n <= len(all.Path) {
			page = all.Path[n-1]
		}
	}
	if page != nil {
		shown = append(shown, page)
		if bare != id {
			shown = append(shown, embedded(page)...)
		}
	}
	for _, p := range shown {
		for _, b := range p.Blocks {
			if b.ID == bare || b.ID == strings.TrimSuffix(bare, "-t") && b.ID != "" {
				return b.Span, true
			}
		}
	}
	if t := all.Records[strings.TrimPrefix(bare, "_s-")]; t != nil {
		return t.Span, true
	}
	if page != nil {
		return diag.Span{File: page.File}, true
	}
	for _, p := range all.Pages { // an entry of a glossary, or of the who's who
		if p.Thing.ID == bare {
			return diag.Span{File: p.File}, true
		}
	}
	return diag.Span{}, false
}

// embedded lists the pages that a page shows a part of, directly or through others.
func embedded(p *site.Page) []*site.Page {
	seen := map[*site.Page]bool{p: true}
	out := []*site.Page{}
	for queue := []*site.Page{p}; len(queue) > 0; queue = queue[1:] {
		for i, r := range queue[0].Refs {
			if r.Kind != content.RefEmbed || queue[0].Targets[i].Thing == nil {
				continue
			}
			if q := queue[0].Targets[i].Thing.Page; q != nil && !seen[q] {
				seen[q] = true
				out, queue = append(out, q), append(queue, q)
			}
		}
	}
	return out
}

// edit opens a file of the site in the editor that site.toml names: it runs the command, or returns the address that
// makes the browser start it.
func (s *server) edit(file string, at diag.Position) (address string, err error) {
	abs, err := filepath.Abs(filepath.Join(s.Dir, filepath.FromSlash(file)))
	if err != nil {
		return "", fmt.Errorf("open %s: %w", file, err)
	}
	if _, err := os.Stat(abs); err != nil {
		return "", fmt.Errorf("%s is a file of the built-in theme; copy it into the site to change it", file)
	}
	s.mu.Lock()
	editor := s.editor
	s.mu.Unlock()
	line, column := strconv.Itoa(max(1, at.Line)), strconv.Itoa(max(1, at.Column))
	switch {
	case editor == "vscode":
		editor = "vscode://file{file}:{line}:{column}"
		if !strings.HasPrefix(filepath.ToSlash(abs), "/") {
			editor = "vscode://file/{file}:{line}:{column}"
		}
		fallthrough
	case strings.Contains(strings.Fields(editor + " x")[0], "://"):
		u := url.URL{Path: filepath.ToSlash(abs)}
		return strings.NewReplacer("{file}", u.EscapedPath(), "{line}", line, "{column}", column).Replace(editor), nil
	}
	words := strings.Fields(editor)
	for i := range words {
		words[i] = strings.NewReplacer("{file}", abs, "{line}", line, "{column}", column).Replace(words[i])
	}
	if !strings.Contains(editor, "{file}") {
		words = append(words, abs)
	}
	c := exec.Command(words[0], words[1:]...)
	c.Dir = s.Dir
	if err := c.Start(); err != nil {
		return "", fmt.Errorf("the editor of site.toml does not start: %w", err)
	}
	go func() {
		if err := c.Wait(); err != nil {
			fmt.Fprintf(s.Log, "the editor %s ended: %v\n", words[0], err)
		}
	}()
	return "", nil
}

// openBrowser shows an address in the writer's browser.
func openBrowser(address string) error {
	var c *exec.Cmd
	switch b := os.Getenv("BROWSER"); {
	case b != "":
		c = exec.Command(b, address)
	case runtime.GOOS == "darwin":
		c = exec.Command("open", address)
	case runtime.GOOS == "windows":
		c = exec.Command("rundll32", "url.dll,FileProtocolHandler", address)
	default:
		c = exec.Command("xdg-open", address)
	}
	if err := c.Start(); err != nil {
		return err
	}
	go func() { _ = c.Wait() }() // how a browser ends is its own affair
	return nil
}
