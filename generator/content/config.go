package content

import (
	"bytes"
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"sort"
	"strings"

	"golang.org/x/text/language"

	"gloss/generator/diag"
)

// Config is what site.toml says (contract section 1).
type Config struct {
	Title       string
	Language    string
	BaseURL     string // absolute and ending in /, or ""
	Description string
	Licence     string
	Repository  string
	Domain      string
	Autolink    bool // link the first mention of a name in each section
	RawHTML     bool
	HardBreaks  bool // the end of a line in a paragraph is a line break, as Obsidian shows it
	Accent      string
	AccentSpan  diag.Span
	Editor      string
	FactChecker bool
	Authors     []Author
	Levels      []Level
	Redirects   []Redirect
	Redirecting RedirectTable
	Withdrawn   []Withdrawal
	TitleSpan   diag.Span
}

// Author is a person or organisation under [authors].
type Author struct {
	ID, Name, URL string
	Kind          string // person, organisation
	Span          diag.Span
}

// Level is one line under [checks].
type Level struct {
	Code     string
	Severity diag.Severity
}

// Redirect is one line under [redirects]: site paths, with optional #fragments.
type Redirect struct {
	From, To string
	Span     diag.Span // of the old address
	ToSpan   diag.Span // of the new one
}

// Withdrawal is one line under [withdrawn]: an address that was given up on purpose. Its page, or the place on a page if
// there is a #fragment, says so from then on.
type Withdrawal struct {
	Address string // a site path, with an optional #fragment
	Title   string // what stood there; may be empty
	Reason  string
	Date    Date
	Span    diag.Span // of the address
}

// Settings are the parts of the configuration that change how one markdown file reads. They are passed beside the
// file, so that a change of them, and of nothing else, makes the files read again.
type Settings struct {
	Language string
	RawHTML  bool

	HardBreaks bool // the end of a line in a paragraph is a line break
}

// Settings returns the part of the configuration that parsing may see.
func (c Config) Settings() Settings {
	return Settings{Language: c.Language, RawHTML: c.RawHTML, HardBreaks: c.HardBreaks}
}

// ParsedConfig is a configuration and what is wrong with it.
type ParsedConfig struct {
	Config   Config
	Findings []diag.Finding
}

var hostName = regexp.MustCompile(`^[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?(\.[\p{L}\p{N}]([\p{L}\p{N}-]*[\p{L}\p{N}])?)+$`)

var hexColour = regexp.MustCompile(`^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)

// ParseConfig reads site.toml. It never fails: what cannot be read is a finding, and the default stands.
func ParseConfig(f File) ParsedConfig {
	p := ParsedConfig{Config: Config{Language: "en", Autolink: true, Editor: "vscode"}}
	c := &p.Config
	if bad := checkText(f); bad != nil {
		p.Findings = append(p.Findings, *bad)
		return p
	}
	skip := 0
	if bytes.HasPrefix(f.Text, []byte("\xEF\xBB\xBF")) {
		skip = 3
	}
	v, bad := readTOML(f.Name, f.Text[skip:], func(i int) int { return i + skip }, "bad-config")
	p.Findings = append(p.Findings, diag.Unreadable(bad)...)
	if len(bad) > 0 {
		return p
	}
	r := &fields{src: f.Text, v: v, what: "site.toml", strict: true, code: "bad-config", out: &p.Findings}
	title := r.str("title")
	c.Title, c.TitleSpan = title.Text, title.Span
	if c.Title == "" {
		p.Findings = append(p.Findings, diag.Finding{Code: "bad-config", Span: diag.Span{File: f.Name}, Message: "site.toml needs a title", Hint: `add title = "The name of the site"`})
	}
	if s := r.str("language"); s.Text != "" {
		if _, err := language.Parse(s.Text); err != nil {
			r.add("bad-config", s.Span, `use a BCP 47 tag such as "en", "en-GB" or "ar"`, "language cannot be %q", s.Text)
		} else {
			c.Language = s.Text
			if !HasWords(s.Text) {
				r.add("borrowed-words", s.Span, fmt.Sprintf("there are words in %s; turn this check off if English ones will do", strings.Join(withWords(), " and ")),
					"gloss has no words in the language %q: headings, dates and buttons are English", s.Text)
			}
		}
	}
	if s := r.str("base_url"); s.Text != "" {
		base, why := CheckBaseURL(s.Text)
		if why != "" {
			r.add("bad-config", s.Span, `write it in full: base_url = "https://example.org/site/"`, "base_url %s", why)
		}
		c.BaseURL = base
	}
	c.Description = r.str("description").Text
	c.Licence = r.str("licence").Text
	if s := r.str("repository"); s.Text != "" {
		if u, err := url.Parse(s.Text); err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
			r.add("bad-config", s.Span, `write it in full: repository = "https://github.com/owner/name"`, "repository is not a web address")
		} else {
			c.Repository = strings.TrimSuffix(s.Text, "/")
		}
	}
	if s := r.str("domain"); s.Text != "" {
		if hostName.MatchString(s.Text) {
			c.Domain = s.Text
			if u, err := url.Parse(c.BaseURL); err == nil && u.Host != "" && (!strings.EqualFold(u.Hostname(), s.Text) || u.Path != "/") {
				r.add("domain-mismatch", s.Span, fmt.Sprintf("write base_url = %q, or remove domain if the site is at %s", "https://"+s.Text+"/", c.BaseURL), "domain is %s, and base_url leads to %s: a site with a domain of its own stands at its root", s.Text, c.BaseURL)
			}
		} else {
			r.add("bad-config", s.Span, `write the bare name: domain = "example.org"`, "domain %q is not the name of a host", s.Text)
		}
	}
	if r.oneOf("autolink", "first", "off") == "off" {
		c.Autolink = false
	}
	c.RawHTML = r.flag("raw_html")
	c.HardBreaks = r.flag("hard_breaks")
	c.FactChecker = r.flag("fact_checker")
	if s := r.str("accent"); s.Text != "" {
		if hexColour.MatchString(s.Text) {
			c.Accent, c.AccentSpan = s.Text, s.Span
		} else {
			r.add("bad-config", s.Span, `write it as "#7d350f"`, "accent %q is not a colour", s.Text)
		}
	}
	if s := r.str("editor"); s.Text != "" {
		c.Editor = s.Text
	}
	for _, e := range r.tables("authors") {
		a := &fields{src: f.Text, v: e.val, what: fmt.Sprintf("the author %q", e.key), strict: true, code: "bad-config", out: &p.Findings}
		au := Author{ID: e.key, Name: a.str("name").Text, URL: a.str("url").Text, Span: e.span}
		if sch := schemeOf(au.URL); au.URL != "" && sch != "http" && sch != "https" && sch != "mailto" {
			a.add("unsafe-url", a.str("url").Span, "write the whole address, with https://", "the address of an author is a web address")
			au.URL = ""
		}
		au.Kind = cmp.Or(a.oneOf("kind", "person", "organisation"), "person")
		if au.Name == "" {
			a.add("bad-config", e.span, `add name = "…"`, "the author %q needs a name", e.key)
		}
		a.done(diag.Error)
		c.Authors = append(c.Authors, au)
	}
	for _, e := range r.tables("checks") {
		i := slices.IndexFunc(diag.Codes, func(c diag.Code) bool { return c.Name == e.key })
		if i < 0 {
			hint := "see the writer’s guide for the codes there are"
			var names []string
			for _, c := range diag.Codes {
				names = append(names, c.Name)
			}
			if near := diag.Suggest(e.key, names); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			r.add("unknown-key", e.span, hint, "there is no check %q", e.key)
			continue
		}
		sev, ok := map[string]diag.Severity{"error": diag.Error, "warn": diag.Warning, "off": diag.Off}[e.val.text]
		if !ok {
			r.add("bad-config", e.val.span, `use "error", "warn" or "off"`, "a check’s level cannot be %q", e.val.text)
			continue
		}
		c.Levels = append(c.Levels, Level{e.key, sev})
	}
	c.Redirecting = findRedirects(f)
	for _, e := range r.tables("redirects") {
		if !strings.HasPrefix(e.key, "/") || !strings.HasPrefix(e.val.text, "/") {
			r.add("bad-config", e.span, `write both as paths of the site: "/old-page/" = "/new-page/"`, "a redirect goes from one path of the site to another")
			continue
		}
		if hint, why := badOldAddress(e.key); why != "" {
			r.add("bad-config", e.span, hint, "%s", why)
			continue
		}
		c.Redirects = append(c.Redirects, Redirect{e.key, e.val.text, e.span, e.val.span})
	}
	for _, e := range r.tables("withdrawn") {
		w := &fields{src: f.Text, v: e.val, what: fmt.Sprintf("the withdrawal of %q", e.key), strict: true, code: "bad-config", out: &p.Findings}
		if !strings.HasPrefix(e.key, "/") || e.val.kind != kTable {
			r.add("bad-config", e.span, `write it like "/old-page/" = { date = "2024-05-03", reason = "…" }`, "a withdrawal names a path of the site and says when and why")
			continue
		}
		gone := Withdrawal{Address: e.key, Title: w.str("title").Text, Reason: w.str("reason").Text, Date: w.date("date"), Span: e.span}
		w.done(diag.Error)
		if _, dated := e.val.get("date"); dated && gone.Date.IsZero() {
			continue // which was reported
		} else if gone.Reason == "" || !dated {
			r.add("bad-config", e.span, `write it like "/old-page/" = { date = "2024-05-03", reason = "…" }`, "the withdrawal of %q needs a date and a reason, which readers will see", e.key)
			continue
		}
		c.Withdrawn = append(c.Withdrawn, gone)
	}
	r.done(diag.Error)
	sort.Slice(c.Levels, func(i, j int) bool { return c.Levels[i].Code < c.Levels[j].Code })
	return p
}

// tables reads a table of anything, in file order.
func (f *fields) tables(key string) []entry {
	v, ok := f.get(key)
	if !ok {
		return nil
	}
	if v.kind != kTable {
		f.wrong(key, v, "a table: ["+key+"]")
		return nil
	}
	return v.keys
}

// CheckBaseURL returns an absolute URL that ends in /, or says why s is none.
func CheckBaseURL(s string) (base, why string) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return "", "is not a full web address"
	case u.RawQuery != "" || u.Fragment != "":
		return "", "may not have a ? or # part"
	}
	if !strings.HasSuffix(u.Path, "/") {
		u.Path += "/"
	}
	return u.String(), ""
}
