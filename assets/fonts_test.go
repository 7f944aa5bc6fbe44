package assets

import (
	"testing"

	"golang.org/x/image/font/sfnt"
)

// Whoever writes to the patient finds the letters of the language: these are the ones that interpreters are called for.
func TestFonts_haveTheLettersOfWhoWrites(t *testing.T) {
	alphabets := map[string]string{
		"Danish":     "ABCDEFGHIJKLMNOPQRSTUVWXYZÆØÅabcdefghijklmnopqrstuvwxyzæøåé0123456789.,:;?!()%–…",
		"Polish":     "ĄĆĘŁŃÓŚŹŻąćęłńóśźż",
		"Turkish":    "ÇĞİÖŞÜçğıöşü",
		"Vietnamese": "ĂÂĐÊÔƠƯăâđêôơưẠẤẬẮẲẼỆỐỘỚỢỨỰỲỸạấậắẳẽệốộớợứựỳỹ",
		"Romanian":   "ĂÂÎȘȚăâîșț",
		"Ukrainian":  "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
		"Russian":    "ЁЪЫЭёъыэ",
		"Greek":      "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρστυφχψωάέήίόύώς",
		"Arabic":     "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي٠١٢٣٤٥٦٧٨٩،؛؟ًٌٍَُِّْـ",
		"Persian":    "پچژگکی۰۱۲۳۴۵۶۷۸۹٫٬\u200c",
		"Urdu":       "ٹڈڑںھہۂۃےۓ۔",
		"Kurdish":    "ڕڵۆێەڤ",
		"Pashto":     "ټځڅډړږښګڼېۍ",
	}
	for name, data := range map[string][]byte{"regular": FontRegular, "semi-bold": FontSemiBold} {
		f, err := sfnt.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if len(data) > 300_000 {
			t.Errorf("%s has %d bytes", name, len(data))
		}
		var b sfnt.Buffer
		for language, alphabet := range alphabets {
			for _, r := range alphabet {
				if i, err := f.GlyphIndex(&b, r); err != nil || i == 0 {
					t.Errorf("%s has no %q of %s", name, r, language)
				}
			}
		}
	}
}
