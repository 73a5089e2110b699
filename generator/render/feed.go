package render

import (
	"encoding/xml"

	"gloss/generator/site"
)

// The feed's elements, in the order in which they are written (RFC 4287 section 4).
type (
	atomFeed struct {
		XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
		Lang    string      `xml:"xml:lang,attr"`
		ID      string      `xml:"id"`
		Title   string      `xml:"title"`
		Updated string      `xml:"updated"`
		Author  atomPerson  `xml:"author"`
		Links   []atomLink  `xml:"link"`
		Rights  string      `xml:"rights,omitempty"`
		Entries []atomEntry `xml:"entry"`
	}
	atomEntry struct {
		ID       string       `xml:"id"`
		Title    string       `xml:"title"`
		Updated  string       `xml:"updated"`
		Authors  []atomPerson `xml:"author"`
		Link     atomLink     `xml:"link"`
		Category atomCategory `xml:"category"`
		Summary  string       `xml:"summary"`
	}
	atomPerson struct {
		Name string `xml:"name"`
		URI  string `xml:"uri,omitempty"`
	}
	atomLink struct {
		Rel  string `xml:"rel,attr"`
		Type string `xml:"type,attr"`
		Href string `xml:"href,attr"`
	}
	atomCategory struct {
		Term  string `xml:"term,attr"`
		Label string `xml:"label,attr"`
	}
)

// feed writes the feed as Atom.
func feed(f *site.Feed) []byte {
	out := atomFeed{Lang: f.Language, ID: f.ID, Title: f.Title, Updated: f.Updated + midnight, Author: atomPerson{f.Author, f.Home}, Rights: f.Rights,
		Links: []atomLink{{"self", "application/atom+xml", f.Self}, {"alternate", "text/html", f.Page}}}
	for _, e := range f.Entries {
		entry := atomEntry{ID: e.ID, Title: e.Title, Updated: e.Updated + midnight, Link: atomLink{"alternate", "text/html", e.Link}, Category: atomCategory{e.Code, e.Kind}, Summary: e.Text}
		for _, a := range e.Authors {
			entry.Authors = append(entry.Authors, atomPerson{a.Name, a.URL})
		}
		out.Entries = append(out.Entries, entry)
	}
	b, err := xml.MarshalIndent(out, "", " ")
	if err != nil {
		panic("render: the feed: " + err.Error()) // texts can be written
	}
	return append([]byte(xml.Header), append(b, '\n')...)
}

// midnight makes a point in time of a day, which is all that a change has.
const midnight = "T00:00:00Z"
