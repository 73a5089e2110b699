package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"gloss/generator/build"
	"gloss/generator/content"
	"gloss/generator/diag"
	"gloss/generator/site"
)

// outside asks whether addresses of other sites lead anywhere. It is polite: each address once, one request at a time
// for each host and a pause between them, and no more from a host that says so or does not answer. It is slow to judge:
// only an address that is said not to exist twice, hours apart, is gone; whatever else goes wrong may be the weather.
type outside struct {
	client *http.Client
	now    func() time.Time
	pause  func(time.Duration)
	gap    time.Duration // between two requests to a host
	agent  string        // who asks
	save   func(map[string]verdict) error

	mu    sync.Mutex
	known map[string]verdict // by address
	asked int
	err   error
}

// verdict is what is known of an address.
type verdict struct {
	State   string    `json:"state"`
	Why     string    `json:"why,omitempty"` // "403 Forbidden"
	Asked   time.Time `json:"asked"`
	Missing time.Time `json:"missing,omitzero"` // when it was first said not to exist
}

// What is known of an address, and how long that holds.
const (
	good    = "good"
	unsure  = "unsure"  // refused, overloaded, broken, silent: a reader may have more luck
	missing = "missing" // said not to exist, once
	dead    = "dead"    // and again, hours later
)

var holds = map[string]time.Duration{good: 30 * 24 * time.Hour, unsure: time.Hour, missing: apart, dead: 30 * 24 * time.Hour}

const (
	apart      = 6 * time.Hour // between the two answers that make an address dead
	usualGap   = time.Second   // between two requests to a host
	longestGap = 30 * time.Second
	patience   = time.Minute // the longest Retry-After that is waited for
	failures   = 3           // in a row, after which a host is left alone for this time
	hosts      = 8           // at once
	redirects  = 5
)

var errPrivate = errors.New("an address of a private network")

// newClient is a client that follows a few redirects and, unless private is set, talks to nobody in a private network:
// the links of a site may come from anybody, the machine that checks them may stand anywhere.
func newClient(private bool) *http.Client {
	dial := net.Dialer{Timeout: 10 * time.Second}
	if !private {
		dial.Control = func(_, address string, _ syscall.RawConn) error {
			if at, err := netip.ParseAddrPort(address); err != nil || !public(at.Addr().Unmap()) {
				return errPrivate
			}
			return nil
		}
	}
	return &http.Client{
		Timeout:   30 * time.Second,
		Transport: &http.Transport{DialContext: dial.DialContext, TLSHandshakeTimeout: 10 * time.Second, ForceAttemptHTTP2: true, MaxIdleConnsPerHost: 1},
		CheckRedirect: func(_ *http.Request, via []*http.Request) error {
			if len(via) > redirects {
				return fmt.Errorf("more than %d redirects", redirects)
			}
			return nil
		},
	}
}

// public says whether an address is one of the open network.
func public(a netip.Addr) bool {
	return a.IsGlobalUnicast() && !a.IsPrivate() && !netip.MustParsePrefix("100.64.0.0/10").Contains(a) && !netip.MustParsePrefix("64:ff9b::/96").Contains(a)
}

// ask asks the addresses of which nothing is known that still holds.
func (o *outside) ask(urls []string) error {
	byHost := map[string][]string{}
	for _, u := range urls {
		if v, ok := o.known[u]; ok && o.now().Sub(v.Asked) < holds[v.State] {
			continue
		}
		p, err := url.Parse(u)
		if err != nil || p.Host == "" {
			continue // which no browser opens either; not a matter of the network
		}
		if host := strings.ToLower(p.Hostname()); !slices.Contains(byHost[host], u) {
			byHost[host] = append(byHost[host], u)
		}
	}
	var wait sync.WaitGroup
	turn := make(chan struct{}, hosts)
	for _, host := range slices.Sorted(maps.Keys(byHost)) {
		wait.Add(1)
		turn <- struct{}{}
		go func() {
			defer func() { <-turn; wait.Done() }()
			o.askHost(byHost[host])
		}()
	}
	wait.Wait()
	return o.err
}

// askHost asks one host for its addresses, one after the other.
func (o *outside) askHost(urls []string) {
	failed := 0
	for i, u := range urls {
		if i > 0 {
			o.pause(min(o.gap<<failed, longestGap))
		}
		v, leave := o.askOne(u)
		o.mu.Lock()
		o.asked++
		o.known[u] = judge(o.known[u], v, o.now())
		if err := o.save(o.known); err != nil {
			o.err = err
		}
		o.mu.Unlock()
		if v.State != unsure {
			failed = 0
		} else if failed++; leave || failed >= failures {
			return
		}
	}
}

// askOne asks for one address: with HEAD, and with GET where that gives no good answer, since many servers treat HEAD
// badly. leave says that the host wants to be left alone.
func (o *outside) askOne(u string) (v verdict, leave bool) {
	waited := false // as long as the server asked for
	for method, tries := http.MethodHead, 0; ; tries++ {
		if tries > 0 && !waited {
			o.pause(o.gap)
		}
		q, err := http.NewRequest(method, u, nil)
		if err != nil {
			return verdict{State: unsure, Why: err.Error()}, false
		}
		q.Header.Set("User-Agent", o.agent)
		q.Header.Set("Accept", "text/html,*/*;q=0.8")
		res, err := o.client.Do(q)
		if err != nil {
			var e *url.Error
			if errors.As(err, &e) {
				err = e.Err
			}
			v = verdict{State: unsure, Why: err.Error()}
			if errors.Is(err, errPrivate) || method == http.MethodGet {
				return v, false
			}
			method = http.MethodGet
			continue
		}
		_, _ = io.CopyN(io.Discard, res.Body, 1<<16) // so that the connection can be used again; of more, nothing is known
		_ = res.Body.Close()
		v = verdict{Why: cmp.Or(res.Status, strconv.Itoa(res.StatusCode))}
		switch code := res.StatusCode; {
		case code >= 200 && code < 300:
			return verdict{State: good}, false
		case code == http.StatusNotFound || code == http.StatusGone:
			v.State = missing
		default:
			v.State = unsure
		}
		if later, ok := retryAfter(res, o.now()); ok || res.StatusCode == http.StatusTooManyRequests {
			if waited || !ok || later > patience {
				return v, true
			}
			o.pause(later)
			waited = true
			continue
		}
		if method == http.MethodGet {
			return v, false
		}
		method, waited = http.MethodGet, false
	}
}

// retryAfter is how long a server that is busy wants to be left alone.
func retryAfter(res *http.Response, now time.Time) (time.Duration, bool) {
	if res.StatusCode != http.StatusTooManyRequests && res.StatusCode != http.StatusServiceUnavailable {
		return 0, false
	}
	h := res.Header.Get("Retry-After")
	if n, err := strconv.Atoi(h); err == nil && n >= 0 {
		return time.Duration(min(n, 1<<20)) * time.Second, true
	}
	if at, err := http.ParseTime(h); err == nil {
		return max(0, at.Sub(now)), true
	}
	return 0, false
}

// judge weighs a new answer with what was known. A failure in between takes nothing back, a good answer everything.
func judge(old, now verdict, at time.Time) verdict {
	now.Asked = at
	switch now.State {
	case missing:
		now.Missing = old.Missing
		if now.Missing.IsZero() {
			now.Missing = at
		}
		if old.State == dead || at.Sub(now.Missing) >= apart {
			now.State = dead
		}
	case unsure:
		now.Missing = old.Missing
		if old.State == dead {
			now.State = dead
		}
	}
	return now
}

// external asks for the links of a site that lead outside. It returns the records of what is gone, as they should stand
// from now on, and what is to be said of links of which the records do not know yet.
func external(o *outside, r *build.Result) (records []content.Dead, found []diag.Finding, err error) {
	links := r.Site.Outside()
	var urls []string
	for _, l := range links {
		urls = append(urls, l.URL)
	}
	if err := o.ask(urls); err != nil {
		return nil, nil, err
	}
	for _, d := range r.Site.Dead() {
		if o.known[d.URL].State != good {
			records = append(records, d)
			continue
		}
		found = append(found, diag.Finding{Code: "dead-link", Span: d.Span, Message: d.URL + " answers again", Hint: "run check --external --fix, which takes it from the list of dead links"})
	}
	for _, l := range links {
		v := o.known[l.URL]
		if v.State != dead || l.Dead != nil {
			continue
		}
		found = append(found, diag.Finding{Code: "dead-link", Span: l.Span, Message: fmt.Sprintf("%s is gone: it was asked for twice, since %s, and answered %s", l.URL, v.Missing.Format("2 January 2006"), v.Why),
			Hint: "run check --external --fix, which records it, so that sources lead to their archived copies; or " + r.Site.DeadHint(l.URL)})
		if !slices.ContainsFunc(records, func(d content.Dead) bool { return d.URL == l.URL }) {
			records = append(records, content.Dead{URL: l.URL, Since: content.Date{ISO: v.Missing.UTC().Format("2006-01-02")}})
		}
	}
	slices.SortFunc(records, func(a, b content.Dead) int { return cmp.Compare(a.URL, b.URL) })
	return records, found, nil
}

// deadFile is where the records of dead links stand: in the site, so that a build needs no network to know them.
const deadFile = "content/data/dead.toml"

// deadRecords writes the records as a file.
func deadRecords(records []content.Dead) []byte {
	var b bytes.Buffer
	b.WriteString("# Addresses of other sites that are gone. check --external --fix keeps this list; sources with an archived copy lead there\n# instead.\n")
	quote := json.NewEncoder(&b) // the strings of JSON are strings of TOML
	quote.SetEscapeHTML(false)
	for _, d := range records {
		b.WriteString("\n[[dead]]\nurl = ")
		_ = quote.Encode(d.URL)
		b.WriteString("since = ")
		_ = quote.Encode(d.Since.ISO)
	}
	return b.Bytes()
}

// keepDead writes the records into a site where they differ, and says whether they did.
func keepDead(dir string, t *build.Tree, records []content.Dead) (bool, error) {
	old, had := t.Bytes[deadFile]
	text := deadRecords(records)
	if bytes.Equal(old, text) || !had && len(records) == 0 {
		return false, nil
	}
	path := filepath.Join(dir, filepath.FromSlash(deadFile))
	if had {
		return true, replace(path, old, text)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return false, err
	}
	root, err := os.OpenRoot(filepath.Dir(path))
	if err != nil {
		return false, err
	}
	defer root.Close()
	return true, build.Replace(root, filepath.Base(path), text, 0o644)
}

// defaultCache is where verdicts are kept when no place is given.
func defaultCache() (string, error) {
	dir, err := os.UserCacheDir()
	if err != nil {
		return "", fmt.Errorf("find a place for the answers of other sites: %w; name a file with --cache", err)
	}
	return filepath.Join(dir, "gloss", "links.json"), nil
}

// newOutside reads what is known of addresses from a file, and keeps it there.
func newOutside(cache string, private bool, gap time.Duration, s *site.Site) (*outside, error) {
	o := &outside{client: newClient(private), now: time.Now, pause: time.Sleep, gap: gap, known: map[string]verdict{}, agent: "gloss-link-check/1"}
	if s.Base != "" {
		o.agent += " (+" + s.Base + ")"
	}
	text, err := os.ReadFile(cache)
	if err == nil {
		err = json.Unmarshal(text, &o.known)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = os.MkdirAll(filepath.Dir(cache), 0o755)
	}
	if err != nil {
		return nil, fmt.Errorf("the answers of other sites in %s: %w", cache, err)
	}
	root, err := os.OpenRoot(filepath.Dir(cache))
	if err != nil {
		return nil, err
	}
	o.save = func(known map[string]verdict) error {
		text, err := json.MarshalIndent(known, "", "\t")
		if err != nil {
			return err
		}
		return build.Replace(root, filepath.Base(cache), append(text, '\n'), 0o644)
	}
	return o, nil
}

// told says what was asked, and names the addresses that nothing certain is known of.
func (o *outside) told(w io.Writer, links []site.Outside) {
	states := map[string][]string{}
	seen := map[string]bool{}
	for _, l := range links {
		if v, ok := o.known[l.URL]; ok && !seen[l.URL] {
			seen[l.URL] = true
			states[v.State] = append(states[v.State], l.URL)
		}
	}
	for _, state := range []string{unsure, missing} {
		slices.Sort(states[state])
		for _, u := range states[state] {
			what := "not certain"
			if state == missing {
				what = "not found once; ask again in some hours"
			}
			fmt.Fprintf(w, "%s: %s (%s)\n", u, what, o.known[u].Why)
		}
	}
	fmt.Fprintf(w, "Links to other sites: %d, of which %d were asked for now; %d answer, %d not certain, %d not found once, %d gone.\n",
		len(seen), o.asked, len(states[good]), len(states[unsure]), len(states[missing]), len(states[dead]))
}
