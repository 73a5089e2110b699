package serve

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"html"
	"net/http"
	"regexp"
	"slices"
	"strings"
)

// seed is what the client needs to know when a page starts: an attribute of its script element.
type seed struct {
	Session     string `json:"session"`
	Token       string `json:"token"`
	Build       int    `json:"build"`
	Hash        string `json:"hash"` // of the page as `build` would write it
	Placeholder bool   `json:"placeholder"`
}

// hashOf names the bytes of a page.
func hashOf(page []byte) string {
	sum := sha256.Sum256(page)
	return hex.EncodeToString(sum[:8])
}

var policyTag = regexp.MustCompile(`<meta http-equiv="?Content-Security-Policy"? content="([^"]*)">`)

// inject adds the client to a page. The page's own policy goes out as a header, with what the client needs beside it;
// everything that the page itself does stays under the rules that readers' browsers will apply.
func (s *server) inject(w http.ResponseWriter, page []byte, e *edition) []byte {
	tag := s.script(seed{Session: s.session, Token: s.token, Build: e.number, Hash: hashOf(page)})
	policy := ""
	if m := policyTag.FindSubmatchIndex(page); m != nil {
		policy = html.UnescapeString(string(page[m[2]:m[3]]))
		page = slices.Concat(page[:m[0]], page[m[1]:])
	}
	w.Header().Set("Content-Security-Policy", widened(policy))
	if i := bytes.Index(page, []byte("</head>")); i >= 0 {
		return slices.Concat(page[:i], tag, page[i:])
	}
	return slices.Concat(page, tag)
}

func (s *server) script(x seed) []byte {
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // texts and numbers
	}
	return []byte(`<script src="` + own + `client.js" data-gloss="` + html.EscapeString(string(b)) + `" defer></script>`)
}

// widened is a page's policy with the preview's own needs: its script and worker, its requests, the page itself in a
// frame of another width. No other site may frame the preview.
func widened(policy string) string {
	var out []string
	has := map[string]bool{}
	standard := "" // default-src, which speaks for the directives that a policy leaves out
	for _, d := range strings.Split(policy, ";") {
		name, list, _ := strings.Cut(strings.TrimSpace(d), " ")
		if name = strings.ToLower(name); name == "default-src" {
			standard = strings.TrimSpace(list)
		}
	}
	needs := []string{"script-src", "connect-src", "frame-src", "worker-src", "img-src"}
	for _, d := range strings.Split(policy, ";") {
		name, list, _ := strings.Cut(strings.TrimSpace(d), " ")
		name = strings.ToLower(name)
		if name == "" || has[name] {
			continue
		}
		has[name] = true
		if slices.Contains(needs, name) {
			list = withSelf(list)
		}
		out = append(out, strings.TrimSpace(name+" "+list))
	}
	for _, n := range needs {
		if !has[n] && has["default-src"] {
			out = append(out, n+" "+withSelf(standard))
		}
	}
	if !has["frame-ancestors"] {
		out = append(out, "frame-ancestors 'self'")
	}
	return strings.Join(out, "; ")
}

// withSelf adds 'self' to a list of sources.
func withSelf(list string) string {
	fields := slices.DeleteFunc(strings.Fields(list), func(f string) bool { return f == "'none'" })
	if !slices.Contains(fields, "'self'") {
		fields = append(fields, "'self'")
	}
	return strings.Join(fields, " ")
}

// placeholder is what every address answers as long as no page could be made: the client, which shows why.
func (s *server) placeholder(w http.ResponseWriter, e *edition) {
	text := "Nothing could be built yet."
	if e.stopped != nil {
		text = e.stopped.text
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", widened("default-src 'self'; img-src data:"))
	w.WriteHeader(http.StatusInternalServerError)
	_, _ = w.Write(slices.Concat([]byte(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,"><title>The site cannot be built</title>`),
		s.script(seed{Session: s.session, Token: s.token, Build: e.number, Placeholder: true}),
		[]byte(`</head><body><noscript><pre>`+html.EscapeString(text)+`</pre></noscript></body></html>`)))
}
