package content

import "strings"

// cslDate reads CSL's {"date-parts": [[2024, 2, 2]]}, {"raw": "2024-02-02"}, or a plain text as CSL-YAML has it.
func (r *records) cslDate(f *fields, key string) Date {
	v, ok := f.get(key)
	if !ok {
		return Date{}
	}
	iso := v.text
	if v.kind == kTable {
		for _, k := range []string{"raw", "literal"} {
			if x, ok := v.get(k); ok {
				iso = x.text
			}
		}
		if p, ok := v.get("date-parts"); ok && len(p.list) > 0 {
			var parts []string
			for i, n := range p.list[0].list {
				s := n.text
				if i > 0 && len(s) == 1 {
					s = "0" + s
				}
				parts = append(parts, s)
			}
			iso = strings.Join(parts, "-")
		} else if y, ok := v.get("year"); ok {
			iso = y.text
		}
	}
	if iso == "" {
		return Date{}
	}
	d, why := ParseDate(iso)
	if why != "" {
		f.add("bad-date", v.span, `write "2020", "2020-01" or "2020-01-05"`, "%s is not a date: %s", key, why)
		return Date{}
	}
	d.Span = v.span
	return d
}
