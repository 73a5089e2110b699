package serve

import (
	"bytes"
	"embed"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"gloss/generator/diag"
	"gloss/generator/render"
	"gloss/generator/site"
)

// own is where the preview's own addresses are, at the root of the origin.
const own = "/_gloss/"

//go:embed client
var client embed.FS

// ServeHTTP answers one request that guard has let through.
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, ours := strings.CutPrefix(r.URL.Path, own)
	if !ours {
		s.page(w, r)
		return
	}
	method, answer := http.MethodGet, http.HandlerFunc(http.NotFound)
	switch name {
	case "client.js":
		answer = script("idiomorph.js", "client.js")
	case "worker.js":
		answer = script("worker.js")
	case "events":
		answer = s.events
	case "page":
		answer = s.about
	case "open":
		method, answer = http.MethodPost, s.trusted(s.open)
	case "create":
		method, answer = http.MethodPost, s.trusted(s.create)
	}
	if r.Method != method {
		w.Header().Set("Allow", method)
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	answer(w, r)
}

func script(parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		for _, p := range parts {
			text, err := client.ReadFile("client/" + p)
			if err != nil {
				panic(err) // it is part of the program
			}
			_, _ = w.Write(append(text, '\n'))
		}
	}
}

// page answers with a file of the published build.
func (s *server) page(w http.ResponseWriter, r *http.Request) {
	e := s.now.Load()
	if e.empty() {
		s.placeholder(w, e)
		return
	}
	if to := e.moved(r.URL.Path); to != "" {
		http.Redirect(w, r, to, http.StatusFound)
		return
	}
	if name, below := strings.CutPrefix(r.URL.Path, e.base); below && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		if p, ok := e.posters[name]; ok {
			var picture []byte
			if bad := diag.Try("site.toml", fmt.Sprintf("drawing the picture of %q", p.Title), func() { picture = render.DrawPoster(p) }); bad != nil {
				s.mu.Lock()
				t := s.tree
				s.mu.Unlock()
				s.Report([]diag.Finding{*bad}, 0, t)
				http.Error(w, bad.Message, http.StatusInternalServerError)
				return
			}
			http.ServeContent(w, r, path.Base(name), time.Time{}, bytes.NewReader(picture))
			return
		}
	}
	Files(e.files, e.base, func(w http.ResponseWriter, name string) []byte { return s.inject(w, name, e) }).ServeHTTP(w, r)
}

// moved is where an address leads that was under the base path of an earlier configuration, or "".
func (e *edition) moved(at string) string {
	if strings.HasPrefix(at, e.base) {
		return ""
	}
	best := ""
	for _, b := range e.bases {
		if b != "/" && strings.HasPrefix(at, b) && len(b) > len(best) {
			best = b
		}
	}
	if best == "" {
		return ""
	}
	return (&url.URL{Path: e.base + strings.TrimPrefix(at, best)}).String()
}

// Files serves the files of a build under a base path, as GitHub Pages does: index.html for a folder, the site's own 404
// page with status 404 for what does not exist (T-52). Nothing but these files can be reached. A page is what change makes
// of it, unless that is nil.
func Files(files map[string][]byte, base string, change func(w http.ResponseWriter, name string) []byte) http.Handler {
	if change == nil {
		change = func(_ http.ResponseWriter, name string) []byte { return files[name] }
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			h.Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		if base != "/" && (r.URL.Path == "/" || r.URL.Path+"/" == base) {
			http.Redirect(w, r, base, http.StatusFound)
			return
		}
		name, found := find(files, base, r.URL.Path)
		if found && name == "" {
			http.Redirect(w, r, (&url.URL{Path: r.URL.Path + "/", RawQuery: r.URL.RawQuery}).String(), http.StatusMovedPermanently)
			return
		}
		if !found {
			h.Set("Content-Type", "text/html; charset=utf-8")
			page := change(w, "404.html")
			w.WriteHeader(http.StatusNotFound)
			if r.Method != http.MethodHead {
				_, _ = w.Write(page)
			}
			return
		}
		data := files[name]
		if strings.HasSuffix(name, ".html") {
			data = change(w, name)
		}
		http.ServeContent(w, r, path.Base(name), time.Time{}, bytes.NewReader(data))
	})
}

// find names the file that an address under the base path means. A folder without its last slash is found and has no
// name.
func find(files map[string][]byte, base, at string) (name string, found bool) {
	name, ok := strings.CutPrefix(at, base)
	if !ok {
		return "", false
	}
	if name == "" || strings.HasSuffix(name, "/") {
		name = site.OutputPath(name)
	}
	if _, found = files[name]; found {
		return name, true
	}
	_, folder := files[name+"/index.html"]
	return "", folder
}

// guard keeps the preview to this machine and to the names it goes by: a page of another site must not reach it, neither
// under a name that leads here (DNS rebinding) nor by a request of its own.
//
// A proxy in front of the preview may turn its own name into ours and leave the page's origin as it was: names that the
// writer allows are fine as origins, too. X-Forwarded-Host is ignored, since anybody can send it.
func guard(hosts map[string]bool, named []string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		if host := hostOf(r.Host); !hosts[host] {
			http.Error(w, fmt.Sprintf("The preview does not answer for the name %q. To allow it, start it with --allow-host %s", host, host), http.StatusForbidden)
			return
		}
		if o := r.Header.Get("Origin"); o != "" {
			if u, err := url.Parse(o); err != nil || !strings.EqualFold(u.Host, r.Host) && !slices.ContainsFunc(named, func(n string) bool { return hostOf(n) == hostOf(u.Host) }) {
				http.Error(w, "The preview does not answer the pages of other sites.", http.StatusForbidden)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// trusted lets a request through that one of our own pages has sent: it knows the token, which only they hold.
func (s *server) trusted(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
		if from := r.Header.Get("Sec-Fetch-Site"); r.Header.Get("X-Gloss-Token") != s.token || r.Header.Get("Origin") == "" || from != "" && from != "same-origin" || kind != "application/json" {
			http.Error(w, "Only a page of this preview may ask for that; reload it.", http.StatusForbidden)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, 16<<10)
		next(w, r)
	}
}

// hostOf is the name of a Host header, without its port, in small letters.
func hostOf(host string) string {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	return strings.ToLower(strings.Trim(host, "[]"))
}

// allowed lists the names under which the preview may be asked for.
func allowed(bind string, more []string) (map[string]bool, error) {
	out := map[string]bool{"localhost": true, "127.0.0.1": true, "::1": true}
	ip, err := netip.ParseAddr(bind)
	switch {
	case err != nil: // a name
		out[strings.ToLower(bind)] = true
	case ip.IsUnspecified():
		addrs, err := net.InterfaceAddrs()
		if err != nil {
			return nil, fmt.Errorf("list the addresses of this machine: %w", err)
		}
		for _, a := range addrs {
			if p, err := netip.ParsePrefix(a.String()); err == nil {
				out[p.Addr().String()] = true
			}
		}
		if name, err := os.Hostname(); err == nil {
			out[strings.ToLower(name)], out[strings.ToLower(name)+".local"] = true, true
		}
	default:
		out[ip.String()] = true
	}
	for _, h := range more {
		out[hostOf(h)] = true
	}
	return out, nil
}

// listen takes a port, or one of the ten after it.
func listen(bind string, port int) (net.Listener, error) {
	var first error
	for i := range 11 {
		l, err := net.Listen("tcp", net.JoinHostPort(bind, strconv.Itoa(port+i)))
		if err == nil {
			return l, nil
		}
		if first == nil {
			first = err
		}
		if port == 0 {
			break
		}
	}
	return nil, fmt.Errorf("listen on port %d: %w", port, first)
}

// shownHost is how to reach a listener from this machine.
func shownHost(a net.Addr) string {
	p, err := netip.ParseAddrPort(a.String())
	if err != nil || !p.Addr().IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(int(p.Port())))
}

// elsewhere is how to reach a listener that takes all addresses from other machines of the network.
func elsewhere(a net.Addr, bind string) []string {
	ip, err := netip.ParseAddr(bind)
	p, errPort := netip.ParseAddrPort(a.String())
	if err != nil || errPort != nil || !ip.IsUnspecified() {
		return nil
	}
	var out []string
	addrs, _ := net.InterfaceAddrs() // allowed has asked before
	for _, x := range addrs {
		if n, err := netip.ParsePrefix(x.String()); err == nil && !n.Addr().IsLoopback() && !n.Addr().IsLinkLocalUnicast() {
			out = append(out, net.JoinHostPort(n.Addr().String(), strconv.Itoa(int(p.Port()))))
		}
	}
	slices.Sort(out)
	return out
}
