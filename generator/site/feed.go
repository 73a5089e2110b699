package site

import (
	"crypto/sha256"
	"fmt"
	"net/url"
	"path"
	"strings"
)

// FeedName is the file of the feed, in the site's root.
const FeedName = "feed.xml"

// Feed is the feed of changes, with absolute addresses (RFC 4287).
type Feed struct {
	ID, Title, Language string
	Updated             string // the day of the newest change
	Self, Page          string // where it stands, and the page that shows the same
	Author, Home        string // who publishes, and where
	Rights              string
	Entries             []FeedEntry // newest first
}

// FeedEntry is one change.
type FeedEntry struct {
	ID         string
	Title      string
	Updated    string // a whole day: the first one of a date that is a month
	Link       string
	Code, Kind string // as in ChangeView
	Text       string // plain
	Authors    []AuthorView
}

// Feed lists the changes for those who follow the site; nil without a base URL, which its addresses need, or without a
// change.
func (s *Site) Feed() *Feed {
	if s.Base == "" || len(s.Changes) == 0 {
		return nil
	}
	f := &Feed{ID: uuid("feed", s.Config.Title), Title: s.Config.Title + " – " + s.Lang.UI.Changes, Language: s.Lang.Tag, Self: s.Absolute(FeedName), Page: s.Absolute("changes/"),
		Author: s.Config.Title, Home: s.Base, Rights: s.Config.Licence}
	twins := map[string]int{}
	for i := len(s.Changes) - 1; i >= 0; i-- { // oldest first, so that a new twin takes no number of an older one
		c := s.Changes[i]
		v := s.viewer(c.Page, "")
		said := v.change(c)
		e := FeedEntry{Title: said.Kind, Updated: c.Date.First(), Link: f.Page, Code: c.Kind, Kind: said.Kind, Text: textOf(said.Text)}
		key := ""
		if t := c.Thing; t != nil {
			e.Title += ": " + t.Title
			e.Link = s.Absolute(t.URL)
			key = feedKey(t)
		}
		if c.Page != nil {
			e.Authors = v.authors(c.Page.Meta.Authors)
		}
		// What the writer wrote, not what the page says: a number that is inserted may change, the entry stays the same.
		e.ID = uuid(c.Date.ISO, c.Kind, key, c.Text.Text)
		if twins[e.ID]++; twins[e.ID] > 1 {
			e.ID = uuid(c.Date.ISO, c.Kind, key, c.Text.Text, fmt.Sprint(twins[e.ID]))
		}
		f.Updated = max(f.Updated, e.Updated)
		if c.Page == nil || !c.Page.Meta.Draft {
			f.Entries = append(f.Entries, e)
		}
	}
	for i, j := 0, len(f.Entries)-1; i < j; i, j = i+1, j-1 {
		f.Entries[i], f.Entries[j] = f.Entries[j], f.Entries[i]
	}
	return f
}

// feed is where the page being made finds the feed.
func (v *viewer) feed() string {
	if v.s.Base == "" || len(v.s.Changes) == 0 {
		return ""
	}
	return v.rel(FeedName)
}

// feedKey names what changed by its file, without what orders sections: a new title, or a section that moves, makes no
// old change new again.
func feedKey(t *Thing) string {
	key := strings.TrimSuffix(t.Key(), ".md")
	if t.Kind == "section" {
		return path.Join(path.Dir(key), strings.TrimLeft(path.Base(key), "0123456789"))
	}
	return key
}

// uuid makes an id of what it is given and of nothing else (version 8 of RFC 9562), so that it is the same at every
// address and in every build.
func uuid(parts ...string) string {
	h := sha256.New()
	for _, p := range parts {
		fmt.Fprintf(h, "%d:%s", len(p), p)
	}
	b := h.Sum(nil)[:16]
	b[6], b[8] = b[6]&0x0f|0x80, b[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// Absolute is the whole address of a page or file, escaped as browsers do.
func (s *Site) Absolute(to string) string {
	to, fragment, _ := strings.Cut(to, "#")
	u := s.Base + (&url.URL{Path: to}).EscapedPath()
	if fragment != "" {
		u += "#" + (&url.URL{Fragment: fragment}).EscapedFragment()
	}
	return u
}
