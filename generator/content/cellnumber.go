package content

import (
	"math"
	"regexp"
	"strconv"
	"strings"
)

// The forms of a number, after signs, blanks and digits of other scripts are made plain. A mark that may be read in two
// ways decides nothing: 1.234 is 1234 in Germany.
var (
	plainNumber   = regexp.MustCompile(`^[+-]?\d+$`)
	pointFraction = regexp.MustCompile(`^[+-]?\d*\.\d+$`)
	commaFraction = regexp.MustCompile(`^[+-]?\d*,\d+$`)
	commaGroups   = regexp.MustCompile(`^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$`)
	pointGroups   = regexp.MustCompile(`^[+-]?\d{1,3}(?:\.\d{3})+(?:,\d+)?$`)
	otherGroups   = regexp.MustCompile(`^([+-]?\d{1,3}(?:[ '’]\d{3})+)([.,]\d+)?$`)
	exponent      = regexp.MustCompile(`^[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}$`)
)

// unify makes minus signs, blanks and the digits of other scripts plain.
func unify(s string) string {
	s = strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u202f', '\u2009':
			return ' '
		case '−':
			return '-'
		}
		return r
	}, strings.TrimSpace(s))
	return strings.TrimSpace(ASCIIDigits(s))
}

// ReadNumber reads a number of a table whose decimal mark is decimal, '.' or ','. plain is the number with an ASCII
// point and without marks between thousands, as exact as it is written. Only a form that has one meaning is a number:
// thousands are split off in threes, and the decimal mark stands once.
func ReadNumber(s string, decimal byte) (n float64, plain string, ok bool) {
	s = unify(s)
	group, fraction := commaGroups, pointFraction
	thousands := ","
	if decimal == ',' {
		group, fraction, thousands = pointGroups, commaFraction, "."
	}
	switch m := otherGroups.FindStringSubmatch(s); {
	case plainNumber.MatchString(s), fraction.MatchString(s), exponent.MatchString(s) && !strings.Contains(s, thousands):
	case group.MatchString(s) && !leadingZero(s):
		s = strings.ReplaceAll(s, thousands, "")
	case m != nil && !strings.HasPrefix(m[2], thousands):
		s = strings.NewReplacer(" ", "", "'", "", "’", "").Replace(s)
	default:
		return 0, "", false
	}
	s = strings.TrimPrefix(strings.Replace(s, ",", ".", 1), "+")
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(n, 0) {
		return 0, "", false
	}
	switch {
	case strings.ContainsAny(s, "eE"):
		s = strconv.FormatFloat(n, 'f', -1, 64)
	case strings.HasPrefix(s, "."):
		s = "0" + s
	case strings.HasPrefix(s, "-."):
		s = "-0" + s[1:]
	}
	return n, s, true
}

// leadingZero says whether a group of thousands starts with 0, as 0,125 does, which is no number of thousands.
func leadingZero(s string) bool { return strings.HasPrefix(strings.TrimLeft(s, "+-"), "0") }

// DecimalMark finds the decimal mark of a table from its separator and the cells that should hold numbers. In a table
// with commas it is the point. With another separator the cells tell: 58,5 has a comma, 58.5 a point; when no cell tells
// and none could be read in two ways, it is the point. mark is 0 when the cells say both, or when all that they hold may
// be read in two ways, as 1.234.
func DecimalMark(separator byte, cells []string) (mark byte) {
	if separator == ',' {
		return '.'
	}
	point, comma, both := false, false, false
	for _, c := range cells {
		_, p, asPoint := ReadNumber(c, '.')
		_, q, asComma := ReadNumber(c, ',')
		switch {
		case asPoint && asComma:
			both = both || p != q
		case asPoint:
			point = true
		case asComma:
			comma = true
		}
	}
	switch {
	case point && comma, both && !point && !comma:
		return 0
	case comma:
		return ','
	}
	return '.'
}

// numberLike is a part of a text that looks like a number.
var numberLike = regexp.MustCompile(`\d(?:[\d.,' ’]*\d)?`)

// NumberHint says how a cell that is no number in a table with a decimal mark should be written. quoted says that the
// table is separated by commas.
func NumberHint(s string, decimal byte) string {
	const other = "write digits only, or leave the field empty for a gap"
	u := unify(s)
	mark := byte('.')
	if decimal == '.' {
		mark = ','
	}
	if decimal != 0 {
		if _, plain, ok := ReadNumber(u, mark); ok {
			return `write ` + plain + `; or, if the whole table has such numbers, say decimal = "` + string(mark) + `" in the chart`
		}
	}
	if in, ok := strings.CutPrefix(u, "("); ok && strings.HasSuffix(in, ")") {
		if _, plain, ok := ReadNumber(strings.TrimSuffix(in, ")"), '.'); ok {
			return "write -" + plain
		}
	}
	if in, ok := strings.CutSuffix(u, "-"); ok {
		if _, plain, ok := ReadNumber(in, '.'); ok {
			return "write -" + plain
		}
	}
	found := numberLike.FindAllString(u, -1)
	if len(found) != 1 {
		return other
	}
	if sign := strings.TrimSpace(strings.Replace(u, found[0], "", 1)); sign != "" && sign != "-" {
		for _, d := range []byte{decimal, '.', ','} {
			if _, plain, ok := ReadNumber(found[0], d); ok && d != 0 {
				return "write " + plain + " here, and the rest in unit or in a column for notes"
			}
		}
		return other
	}
	if !strings.Contains(u, ".") { // 12,34,567
		return "write " + strings.ReplaceAll(u, ",", "")
	}
	return other
}
