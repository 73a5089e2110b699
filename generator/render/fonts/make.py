# Makes the fonts beside this file; README.md says from what. Needs fontTools and brotli.
from fontTools import merge, subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer
FILES = 'node_modules/@fontsource-variable/'
FEATURES = ['kern', 'liga', 'mark', 'mkmk', 'ccmp', 'locl', 'calt', 'rlig', 'init', 'medi', 'fina', 'isol', 'rclt', 'curs']
ARABIC = [*range(0x600, 0x700), 0xa0, 0x20, 0x2d, 0x200c, 0x200d, 0x200e, 0x200f, 0x25cc, 0xfdfa]

def instance(path, at):
    f = TTFont(FILES + path)
    f.flavor = None
    return instancer.instantiateVariableFont(f, at)

def cut(f, keep):
    o = subset.Options(layout_features=FEATURES, hinting=False, glyph_names=False, name_IDs=[0, 13, 14], notdef_outline=True)
    o.drop_tables += ['STAT', 'meta', 'gasp', 'DSIG']
    s = subset.Subsetter(o)
    s.populate(unicodes=keep & set(f.getBestCmap()))
    s.subset(f)
    return f

def name(f, family):
    for i in (1, 4, 6, 16): # the licence keeps the original's name to the original
        f['name'].setName('gloss ' + family, i, 3, 1, 0x409)
    f.save('out/' + family + '.ttf')

ALL = set(range(0x110000))
for family, at in (('serif-bold', {'wght': 650, 'opsz': 40}), ('serif', {'wght': 420, 'opsz': 20})):
    parts = []
    for script in 'latin', 'latin-ext', 'vietnamese', 'cyrillic', 'greek':
        p = family + '-' + script + '.ttf'
        cut(instance('source-serif-4/files/source-serif-4-%s-opsz-normal.woff2' % script, at), ALL).save(p)
        parts.append(p)
    name(cut(merge.Merger().merge(parts), ALL), family)
# Of 2.004, not later: since then the letters are taken apart by ccmp before they join, which typesetting 0.3.5 does not do.
for family, style in (('naskh-bold', 'Bold'), ('naskh', 'Regular')):
    name(cut(TTFont('noto/usr/share/fonts/truetype/noto/NotoNaskhArabic-%s.ttf' % style), set(ARABIC)), family)
