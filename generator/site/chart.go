package site

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gloss/generator/content"
	"gloss/generator/diag"
)

// rows are the numbers of a chart with data, after where, from and to.
type rows struct {
	table *content.Table
	rows  []content.Row
	col   map[string]int
	date  bool // x is dates
	mark  byte // the decimal mark of its numbers
}

// number reads a cell of the table. plain is the number as [Site.number] takes it.
func (r *rows) number(cell string) (n float64, plain string, ok bool) {
	return content.ReadNumber(cell, r.mark)
}

const belowZero = `draw it with type = "dot" or "line"`

// chartRows finds the data of a chart and reports what it cannot find.
func (s *Site) chartRows(c *content.Chart, report bool) *rows {
	fail := func(key, hint, format string, args ...any) *rows {
		if report {
			span, ok := c.Spans[key]
			if !ok {
				span = c.Span
			}
			s.add("bad-chart", span, hint, format, args...)
		}
		return nil
	}
	var names []string
	var t *content.Table
	for _, d := range s.data {
		if d.Table == nil {
			continue
		}
		name := strings.TrimPrefix(d.Name, "data/")
		names = append(names, name)
		if name == strings.TrimPrefix(c.Data, "data/") {
			t = d.Table
		}
	}
	if t == nil {
		if report {
			slices.Sort(names)
			hint := "put the file into content/data/"
			if near := diag.Suggest(c.Data, names); near != "" {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			s.add("broken-asset", c.Spans["data"], hint, "there is no file %q in content/data/", c.Data)
		}
		return nil
	}
	r := &rows{table: t, col: map[string]int{}}
	complete := true
	for _, k := range [][2]string{{"x", c.X}, {"y", c.Y}, {"series", c.Series}, {"low", c.Low}, {"high", c.High}, {"qualifier", c.Qualifier}, {"where", c.WhereCol}} {
		key, name := k[0], k[1]
		if name == "" {
			r.col[key] = -1
			continue
		}
		i, why, hint := t.Column(name)
		if i < 0 {
			fail(key, hint, "%s %s", c.Data, why)
			complete = false
		}
		r.col[key] = i
	}
	if !complete {
		return nil
	}
	r.col["source"], _, _ = t.Column("source")
	x := r.col["x"]
	var asked []content.Row
	for _, row := range t.Rows {
		if w := r.col["where"]; w < 0 || row.Cells[w] == c.WhereV {
			asked = append(asked, row)
		}
	}
	r.date = s.datesIn(asked, x, c.Type == "bar")
	undated := 0
	for _, row := range asked {
		d, why := content.ParseDate(row.Cells[x])
		switch {
		case why == "":
			if c.From != "" && d.Last() < c.From || c.To != "" && d.First() > (content.Date{ISO: c.To}).Last() {
				continue
			}
		case r.date:
			undated++
			switch hint, _ := content.DateHint(row.Cells[x], s.Lang, content.LanguageOf("en")); {
			case !report:
			case row.Cells[x] == "":
				s.add("bad-date", row.Span, hint, "this row has no date in the column %q", c.X)
			default:
				s.add("bad-date", row.Spans[x], hint, "the column %q holds dates, and this is none: %s", c.X, why)
			}
			continue
		}
		r.rows = append(r.rows, row)
	}
	switch {
	case len(r.rows) == 0 && undated > 0:
		return nil
	case len(r.rows) == 0:
		return fail("where", "loosen where, from or to", "no row of %s is left to draw", c.Data)
	}
	told := true
	if r.mark = c.Decimal; r.mark == 0 {
		r.mark, told = s.decimalMark(c, r, report)
	}
	for _, row := range r.rows {
		for _, key := range []string{"y", "low", "high"} {
			i := r.col[key]
			if i < 0 || row.Cells[i] == "" || !told {
				continue
			}
			n, _, ok := r.number(row.Cells[i])
			switch {
			case !report:
			case !ok:
				s.add("bad-record", row.Spans[i], content.NumberHint(row.Cells[i], r.mark), "%q is not a number", row.Cells[i])
			case c.Type == "bar" && n < 0:
				s.add("bad-chart", row.Spans[i], belowZero, "bars start at 0, and %s lies below", row.Cells[i])
			}
		}
		if src := r.col["source"]; src >= 0 && report && len(c.Sources) == 0 {
			for _, id := range strings.Split(row.Cells[src], ";") {
				if id = strings.TrimSpace(id); id != "" && (s.Records[id] == nil || s.Records[id].Kind != "source") {
					hint := "add it to content/data/sources.json"
					if near := diag.Suggest(id, s.ids["source"]); near != "" {
						hint = fmt.Sprintf("did you mean %q?", near)
					}
					s.add("unknown-source", row.Spans[src], hint, "no source is called %q", id)
				}
			}
		}
	}
	return r
}

// datesIn says whether a column of rows is an axis of time: most of its values are dates, in our form or in another that
// says so. Each other value is then a slip, since it stands at no time. Bars stand in even steps, and their names may
// be of two kinds, so theirs are dates only when all are.
func (s *Site) datesIn(rows []content.Row, col int, bars bool) bool {
	dates, others := 0, 0
	for _, row := range rows {
		x := row.Cells[col]
		_, why := content.ParseDate(x)
		is := why == ""
		if !is && !bars && x != "" {
			_, is = content.DateHint(x, s.Lang, content.LanguageOf("en"))
		}
		if is {
			dates++
		} else {
			others++
		}
	}
	return dates > others && (!bars || others == 0)
}

// decimalMark finds the decimal mark of the numbers that a chart draws, and reports a table that does not tell it.
func (s *Site) decimalMark(c *content.Chart, r *rows, report bool) (mark byte, told bool) {
	type place struct {
		text string
		span diag.Span
	}
	var cells []string
	var commas, points, both []place
	for _, row := range r.table.Rows {
		for _, key := range []string{"y", "low", "high"} {
			i := r.col[key]
			if i < 0 || row.Cells[i] == "" {
				continue
			}
			cells = append(cells, row.Cells[i])
			_, asPoint, isPoint := content.ReadNumber(row.Cells[i], '.')
			_, asComma, isComma := content.ReadNumber(row.Cells[i], ',')
			at := place{row.Cells[i], row.Spans[i]}
			switch {
			case isPoint && isComma && asPoint != asComma:
				both = append(both, at)
			case isPoint && !isComma:
				points = append(points, at)
			case isComma && !isPoint:
				commas = append(commas, at)
			}
		}
	}
	if mark = content.DecimalMark(r.table.Separator, cells); mark != 0 {
		return mark, true
	}
	switch {
	case !report:
	case len(points) > 0 && len(commas) > 0:
		f := s.add("bad-record", commas[0].span, "write all numbers of the table with the same decimal mark", "%q has a decimal comma, and %q in the same table a decimal point", commas[0].text, points[0].text)
		f.Related = []diag.Related{{Span: points[0].span, Message: fmt.Sprintf("%q stands here", points[0].text)}}
	default:
		_, asPoint, _ := content.ReadNumber(both[0].text, '.')
		_, asComma, _ := content.ReadNumber(both[0].text, ',')
		s.add("bad-record", both[0].span, fmt.Sprintf(`say decimal = "." in the chart if it is %s, decimal = "," if it is %s`, asPoint, asComma), "%q can be read as %s and as %s, and nothing in %s tells which", both[0].text, asPoint, asComma, c.Data)
	}
	return '.', false
}

func (s *Site) checkCharts(p *Page) {
	for i := range p.Charts {
		c := &p.Charts[i]
		if c.Data != "" {
			s.chartRows(c, true)
			continue
		}
		for _, k := range c.Facts {
			t := p.Targets[k].Thing
			if t == nil {
				continue
			}
			if n, _ := number(t.Fact.Value); !t.Fact.Number {
				s.add("bad-chart", p.Refs[k].Span, "only a fact with a number can be drawn", "the fact %q is not a number", t.ID)
			} else if c.Type == "bar" && n < 0 {
				s.add("bad-chart", p.Refs[k].Span, belowZero, "bars start at 0, and the fact %q lies below", t.ID)
			}
		}
	}
	for _, l := range p.Lines {
		if l.About == "" {
			continue
		}
		if t, many := s.find(l.About, ".", ""); t == nil && many == nil && !s.hasTag(l.About) {
			s.add("bad-chart", l.Spans["about"], "name a tag of events.csv, or a page", "no event is about %q", l.About)
		}
	}
}

// countTables counts the uses of sources by tables: all their rows may name some, drawn or not.
func (s *Site) countTables() {
	for _, d := range s.data {
		if d.Table == nil {
			continue
		}
		if i, _, _ := d.Table.Column("source"); i >= 0 {
			for _, row := range d.Table.Rows {
				for _, id := range strings.Split(row.Cells[i], ";") {
					if t := s.Records[strings.TrimSpace(id)]; t != nil && t.Kind == "source" {
						t.inData++
					}
				}
			}
		}
	}
}

func (s *Site) hasTag(tag string) bool {
	for _, e := range s.Events {
		for _, t := range e.Tags {
			if content.Fold(t) == content.Fold(tag) {
				return true
			}
		}
	}
	return false
}

// rowSources are the sources of a chart's rows, or those the fence names, each once.
func (s *Site) rowSources(c *content.Chart, r *rows) []*Thing {
	var out []*Thing
	seen := map[*Thing]bool{}
	if i := r.col["source"]; i >= 0 {
		for _, row := range r.rows {
			for _, id := range strings.Split(row.Cells[i], ";") {
				if t := s.Records[strings.TrimSpace(id)]; t != nil && t.Kind == "source" && !seen[t] {
					seen[t] = true
					out = append(out, t)
				}
			}
		}
	}
	return out
}

// chartView resolves a chart's numbers (contract section 7).
func (v *viewer) chartView(p *Page, n int) *ChartView {
	s, c := v.s, &p.Charts[n]
	out := &ChartView{ID: c.ID, Type: c.Type, Alt: c.Alt, Unit: c.Unit, Time: true, Thousands: s.Lang.Thousands, Decimal: s.Lang.Decimal, Words: s.Lang.UI,
		XLabel: s.Lang.UI.Date, YLabel: c.Unit}
	out.Title = v.inline(p, c.Title.Body)
	out.Subtitle = v.inline(p, c.Subtitle.Body)
	var sources []*Thing
	for _, k := range c.Sources {
		if t := p.Targets[k].Thing; t != nil {
			sources = append(sources, t)
		}
	}
	if c.Data == "" {
		v.factChart(p, c, out)
		if len(sources) == 0 {
			for _, k := range c.Facts {
				if t := p.Targets[k].Thing; t != nil {
					for _, src := range s.dataThings(t.Data, t.Fact.Sources) {
						if !contains(sources, src) {
							sources = append(sources, src)
						}
					}
				}
			}
		}
	} else if r := s.chartRows(c, false); r != nil {
		v.tableChart(c, r, out)
		if len(sources) == 0 {
			sources = s.rowSources(c, r)
		}
	}
	// Named with a link each, not numbered: a chart of twenty counts would double the page's list of sources.
	for _, t := range sources {
		out.Sources = append(out.Sources, SourceLink{Title: shortName(t.Source), URL: v.rel(t.URL)})
	}
	for _, b := range c.Breaks {
		out.Breaks = append(out.Breaks, content.Date{ISO: b}.Time())
	}
	for _, k := range c.Events {
		if t := p.Targets[k].Thing; t != nil && t.Event != nil && !t.Event.Date.IsZero() {
			out.Events = append(out.Events, ChartEvent{Title: t.Event.Title, URL: v.rel(t.URL), Date: s.when(t.Event), X: t.Event.Date.Time()})
		}
	}
	slices.SortStableFunc(out.Events, func(a, b ChartEvent) int { return cmp.Compare(a.X, b.X) })
	// The numbers are written once, beside the page of the chart; other pages that show it link there.
	file := fmt.Sprintf("chart-%d.csv", n+1)
	if p == v.page {
		out.CSVText, out.CSVFile = chartCSV(out), file
	}
	out.CSV = v.rel(p.URL + file)
	return out
}

// number reads a number that can be drawn: neither infinite nor NaN.
func number(s string) (float64, bool) {
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil && !math.IsInf(f, 0) && !math.IsNaN(f)
}

func contains(list []*Thing, t *Thing) bool {
	for _, x := range list {
		if x == t {
			return true
		}
	}
	return false
}

// factChart draws the current values of facts, or for charts over time all their dated values.
func (v *viewer) factChart(p *Page, c *content.Chart, out *ChartView) {
	s := v.s
	out.Time = c.Type == "line" || c.Type == "step"
	bars := Series{}
	for i, k := range c.Facts {
		t := p.Targets[k].Thing
		if t == nil || t.Fact == nil {
			continue
		}
		f := t.Fact
		point := func(value string, isNumber bool, d content.Date, src []int, past int) Point {
			pt := Point{Label: s.Lang.FormatDate(d), ISO: d.ISO, X: d.Time(), Text: s.insert(f, past), URL: v.rel(t.URL)}
			y, ok := number(value)
			pt.Y, pt.Missing = y, !ok || !isNumber
			for _, st := range s.dataThings(t.Data, src) {
				pt.Sources = append(pt.Sources, SourceLink{Title: shortName(st.Source), URL: v.rel(st.URL)})
			}
			return pt
		}
		if out.Time {
			line := Series{Name: f.Label}
			if len(c.Facts) == 1 {
				line.Name = ""
			}
			for j, h := range f.History {
				line.Points = append(line.Points, point(h.Value, h.Number, h.AsOf, h.Sources, j))
			}
			line.Points = append(line.Points, point(f.Value, f.Number, f.AsOf, f.Sources, -1))
			out.Series = append(out.Series, line)
			continue
		}
		pt := point(f.Value, f.Number, f.AsOf, f.Sources, -1)
		pt.Note = s.Lang.UI.AsOf + " " + s.Lang.FormatDate(f.AsOf)
		pt.Label, pt.ISO, pt.X = f.Label, "", float64(i)
		if out.Unit == "" {
			out.Unit = f.Unit
		}
		if unitAfter(f) == "" { // the texts of the table say it
			out.YLabel = s.Lang.UI.Value
		}
		bars.Points = append(bars.Points, pt)
	}
	if !out.Time {
		out.Series = []Series{bars}
		out.XLabel = s.Lang.UI.Label
	}
}

func (v *viewer) tableChart(c *content.Chart, r *rows, out *ChartView) {
	s := v.s
	out.Time = r.date && c.Type != "bar"
	if !r.date {
		out.XLabel = c.X
	}
	at := map[string]int{}
	for i, row := range r.rows {
		name := ""
		if k := r.col["series"]; k >= 0 {
			name = row.Cells[k]
		}
		n, ok := at[name]
		if !ok {
			n = len(out.Series)
			at[name] = n
			out.Series = append(out.Series, Series{Name: name})
		}
		x := row.Cells[r.col["x"]]
		pt := Point{Label: x, X: float64(i)}
		if r.date {
			d, _ := content.ParseDate(x)
			pt.Label, pt.ISO, pt.X = s.Lang.FormatDate(d), d.ISO, d.Time()
		}
		num := func(key string) (float64, string, bool) {
			k := r.col[key]
			if k < 0 || row.Cells[k] == "" {
				return 0, "", false
			}
			f, plain, ok := r.number(row.Cells[k])
			return f, s.number(plain, true), ok
		}
		y, text, ok := num("y")
		pt.Y, pt.Text, pt.Missing = y, text, !ok
		if c.Type == "range" {
			lo, a, okA := num("low")
			hi, b, okB := num("high")
			pt.Low, pt.High, pt.Missing = lo, hi, !okA || !okB
			pt.Text = a + "–" + b // without a y column there is no estimate to mark between the two
		}
		if k := r.col["qualifier"]; k >= 0 {
			pt.Note = row.Cells[k]
		}
		if k := r.col["source"]; k >= 0 {
			for _, id := range strings.Split(row.Cells[k], ";") {
				if t := s.Records[strings.TrimSpace(id)]; t != nil && t.Kind == "source" {
					pt.Sources = append(pt.Sources, SourceLink{Title: shortName(t.Source), URL: v.rel(t.URL)})
				}
			}
		}
		out.Series[n].Points = append(out.Series[n].Points, pt)
	}
}

// chartCSV is the numbers of a chart as it shows them, for download.
func chartCSV(c *ChartView) string {
	head := []string{"x", "value", "note", "source"}
	if c.Type == "range" {
		head = []string{"x", "low", "high", "note", "source"}
	}
	many := len(c.Series) > 1
	if many {
		head = append([]string{"series"}, head...)
	}
	table := [][]string{head}
	num := func(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
	for _, sr := range c.Series {
		for _, p := range sr.Points {
			x := p.ISO
			if x == "" {
				x = p.Label
			}
			var names []string
			for _, l := range p.Sources {
				names = append(names, l.Title)
			}
			val := []string{num(p.Y)}
			if c.Type == "range" {
				val = []string{num(p.Low), num(p.High)}
			}
			if p.Missing {
				for i := range val {
					val[i] = ""
				}
			}
			rec := append(append([]string{x}, val...), p.Note, strings.Join(names, "; "))
			if many {
				rec = append([]string{sr.Name}, rec...)
			}
			table = append(table, rec)
		}
	}
	return string(csvFile(table))
}
