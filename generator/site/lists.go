package site

// This file makes the lists of what there is: events.json and sources.json beside the other files of records, and
// site.json, the table of contents for programs. With the pages' markdown they say all that a reader can find on the
// site, whatever the layouts look like; package diff compares two sites by them.

type eventsFile struct {
	Site   siteRecord    `json:"site"`
	Events []eventRecord `json:"events"`
}

type eventRecord struct {
	ID       string      `json:"id"`
	URL      string      `json:"url"`
	Title    string      `json:"title"`
	Date     string      `json:"date,omitempty"`
	End      string      `json:"end,omitempty"`
	When     string      `json:"when,omitempty"`
	Who      []whoRecord `json:"who,omitempty"`
	Sources  []string    `json:"sources"`
	Tags     []string    `json:"tags,omitempty"`
	Origin   string      `json:"origin,omitempty"`
	Planned  bool        `json:"planned,omitempty"`
	Disputed bool        `json:"disputed,omitempty"`
}

type whoRecord struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

type sourcesFile struct {
	Site    siteRecord     `json:"site"`
	Sources []sourceRecord `json:"sources"`
}

type sourceRecord struct {
	ID      string `json:"id"`
	URL     string `json:"url"`
	Text    string `json:"text"`
	Kind    string `json:"kind,omitempty"`
	Date    string `json:"date,omitempty"` // EDTF
	DOI     string `json:"doi,omitempty"`
	Link    string `json:"link,omitempty"`
	Archive string `json:"archive,omitempty"`
	Seen    *bool  `json:"seen,omitempty"` // as the record says it, if it does
	Chain   string `json:"chain,omitempty"`
	Note    string `json:"note,omitempty"`
}

type siteFile struct {
	Site        siteRecord     `json:"site"`
	Language    string         `json:"language"`
	Description string         `json:"description,omitempty"`
	Pages       []pageRecord   `json:"pages"`
	Changes     []changeRecord `json:"changes,omitempty"`
}

type pageRecord struct {
	URL        string   `json:"url"`
	Title      string   `json:"title"`
	Kind       string   `json:"kind"`
	Aliases    []string `json:"aliases,omitempty"`
	Certainty  string   `json:"certainty,omitempty"`
	Dateline   string   `json:"dateline,omitempty"`
	Side       string   `json:"side,omitempty"`
	WhoKind    string   `json:"who_kind,omitempty"`
	SameAs     []string `json:"same_as,omitempty"`
	ReviewedBy []string `json:"reviewed_by,omitempty"`
}

type changeRecord struct {
	Date string `json:"date"`
	Kind string `json:"kind"`
	URL  string `json:"url"`
	Text string `json:"text"`
}

func (s *Site) eventRecords() []eventRecord {
	out := make([]eventRecord, 0, len(s.Events))
	v := s.viewer(nil, "")
	for _, e := range s.Events {
		x := v.event(e)
		r := eventRecord{ID: x.ID, URL: x.URL, Title: x.Title, Date: x.Date.ISO, End: x.End.ISO, When: x.When, Sources: idsOf(x.Sources), Tags: x.Tags, Origin: x.Origin, Planned: x.Planned, Disputed: x.Disputed}
		for _, w := range x.Who {
			r.Who = append(r.Who, whoRecord{w.Title, w.URL})
		}
		out = append(out, r)
	}
	return out
}

func (s *Site) sourceRecords() []sourceRecord {
	out := make([]sourceRecord, 0, len(s.Sources))
	v := s.viewer(nil, "")
	for _, t := range s.Sources {
		x := v.source(t)
		r := sourceRecord{ID: x.ID, URL: x.URL, Text: textOf(x.Text), Kind: x.Kind, Date: t.Source.Issued.EDTF(), DOI: x.DOI, Archive: x.Archive, Chain: x.Chain, Note: x.Note}
		if x.Seen || x.Unseen {
			r.Seen = &x.Seen
		}
		if isWeb(x.Link) {
			r.Link = x.Link
		}
		out = append(out, r)
	}
	return out
}

func (s *Site) contents() siteFile {
	out := siteFile{Site: s.header(), Language: s.Lang.Tag, Description: s.Config.Description, Pages: []pageRecord{}}
	for _, p := range s.Pages {
		kind := string(p.Type)
		if p.Made != nil {
			kind = p.Made.Kind
		}
		// What a page shows beside its text, which its markdown has.
		m := &p.Meta
		r := pageRecord{URL: relative("", p.URL), Title: p.Thing.Title, Kind: kind, Certainty: m.Certainty, Dateline: m.Dateline, Side: m.Side, WhoKind: m.Kind, SameAs: m.SameAs}
		for _, a := range m.Aliases {
			r.Aliases = append(r.Aliases, a.Text)
		}
		for _, a := range s.viewer(p, "").authors(m.ReviewedBy) {
			r.ReviewedBy = append(r.ReviewedBy, a.Name)
		}
		out.Pages = append(out.Pages, r)
	}
	v := s.viewer(nil, "")
	for _, c := range s.Changes {
		x := v.change(c)
		out.Changes = append(out.Changes, changeRecord{x.Date.ISO, x.Code, x.URL, textOf(x.Text)})
	}
	return out
}
