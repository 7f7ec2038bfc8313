//! Words for peoples and faiths, by which nobody is found: `Polish`, `rumana`, `Israelis`, `Sunni`.
//!
//! The tagger takes such a word for a name now and then, and for some peoples more often than for others; an index in which
//! some are hidden and others are not would mislead whoever searches it. So none is hidden by itself for being a place or an
//! organisation, nor for being a person where no list has it as a name. Beside another word it stays part of a name: `Greek
//! Street`, `the Polish Library`. Words that are a country's name or a common forename as well (`Argentina`, `India`, `Roman`,
//! `Christian`) are left out.

use std::collections::HashSet;
use std::sync::LazyLock;

use model::Label;
use rustc_hash::FxBuildHasher;

use super::lexicon::Lexicon;
use super::token::{Class, each, word_hash};

/// By language, as written in small letters; of those in English also the plural.
const ENGLISH: &str = "
    abkhaz abkhazian afghan african albanian algerian american americans andorran angolan antiguan arab arabian arabic argentine
    argentinian armenian asian australian austrian azerbaijani azeri bahamian bahraini balkan bangladeshi barbadian basque belarusian
    belgian belizean bengali beninese berber bhutanese bolivian bosnian botswanan brazilian british bruneian bulgarian burkinabe
    burmese burundian cambodian cameroonian canadian caribbean catalan chadian chechen chilean chinese colombian comorian congolese
    croat croatian cuban cypriot czech dane danish dominican dutch ecuadorian egyptian emirati english englishman englishwoman
    eritrean estonian ethiopian european fijian filipina filipino finn finnish flemish french frenchman frenchwoman gabonese gambian
    georgian german ghanaian greek greenlandic grenadian guatemalan guinean guyanese haitian hispanic honduran hungarian icelandic
    indonesian iranian iraqi irish irishman irishwoman israeli italian ivorian jamaican japanese jordanian kazakh kenyan khmer korean
    kosovar kurd kurdish kuwaiti kyrgyz lao laotian latino latina latvian lebanese liberian libyan lithuanian macedonian malagasy
    malawian malaysian maldivian malian maltese mauritanian mauritian mexican moldovan mongolian montenegrin moroccan mozambican
    namibian nepalese nepali nicaraguan nigerian nigerien norwegian omani ossetian pakistani palestinian panamanian paraguayan
    persian peruvian pole polish polynesian portuguese qatari romanian romani russian rwandan salvadoran samoan saudi scandinavian
    scot scottish senegalese serb serbian serbo singaporean sinhalese slav slavic slovak slovakian slovene slovenian somali spaniard
    spanish sudanese surinamese swazi swede swedish swiss syrian taiwanese tajik tamil tanzanian tatar thai tibetan togolese tongan
    tunisian turk turkish turkmen ugandan uighur ukrainian uruguayan uyghur uzbek venezuelan vietnamese welsh welshman yemeni zambian
    zimbabwean zulu
    buddhist catholic hindu islamic islamist jew jewish muslim orthodox protestant shia shiite sikh sunni
";
const OTHERS: &[&str] = &[
    // German
    "afghanisch albaner albanerin albanisch amerikaner amerikanerin arabisch asiatisch asiatin belgier belgierin bosnierin bosnisch
     brasilianer brasilianerin brasilianisch britin britisch bulgare bulgarin bulgarisch chinese chinesin chinesisch deutsch deutsche
     deutscher engländerin englisch estnisch finnisch franzose französin französisch griechin griechisch iranisch israelisch
     italiener italienerin italienisch japanerin japanisch kolumbianerin kroatin kroatisch kurdisch lettin lettisch litauerin
     litauisch moldauerin niederländisch nigerianerin österreicher österreicherin philippinerin pole polin polnisch portugiesin
     portugiesisch rumäne rumänin rumänisch russe russin russisch schwedin schwedisch schweizerin serbin serbisch slowakin
     slowakisch spanierin spanisch syrerin syrisch thailänderin thailändisch tschechin tschechisch türkin türkisch ukrainer
     ukrainerin ukrainisch ungarin ungarisch venezolanerin vietnamesin vietnamesisch",
    // French
    "africaine albanaise algérienne allemand allemande américaine anglais anglaise arabe asiatique autrichienne belge brésilien
     brésilienne bulgare camerounaise canadienne chinois chinoise colombienne congolaise croate cubaine espagnol espagnole européenne
     française français ghanéenne grecque hongroise italien italienne ivoirienne japonais japonaise libanaise marocain marocaine
     moldave nigériane philippine polonais polonaise portugais portugaise roumain roumaine russe sénégalaise serbe slovaque suédoise
     syrienne tchèque thaïlandaise tunisienne turque ukrainienne vénézuélienne vietnamienne",
    // Spanish and Portuguese
    "africana alemán alemana alemã americana árabe asiática asiatica boliviana brasileña brasileira brasileiro búlgara búlgaro
     chilena colombiana colombiano cubana cubano dominicana dominicano ecuatoriana ecuatoriano española español espanhola estadounidense
     europea europeia filipina francesa francés griega guatemalteca haitiana hondureña húngara inglesa inglés italiana italiano
     japonesa marroquí mexicana mexicano mexicana moldava nicaragüense nigeriana panameña paraguaya paraguaia peruana peruano
     polaca polaco portuguesa portugués puertorriqueña rumana rumano romena romeno rusa ruso russa russo salvadoreña senegalesa
     serbia sueca tailandesa turca ucraniana ucraniano uruguaya uruguaia venezolana venezolano venezuelana",
    // Italian and Romanian
    "albanese araba bulgara cinese cubana dominicana francese giapponese greca inglese marocchina moldava nigeriana olandese peruviana
     polacca portoghese rumena rumeno russa senegalese spagnola svizzera tedesca tunisina ucraina ungherese venezuelana
     româncă românească moldoveancă rusoaică ucraineancă unguroaică bulgăroaică nemțoaică franțuzoaică",
    // Dutch and Polish
    "belgische braziliaanse bulgaarse duitse engelse franse hongaarse italiaanse marokkaanse nederlandse poolse roemeense russische
     spaanse thaise turkse vlaamse oekraïense
     białorusinka bułgarka czeszka niemka polka rosjanka rumunka słowaczka ukrainka wietnamka węgierka",
    // Russian, Ukrainian and Bulgarian
    "русская русский украинка украинец белоруска молдаванка румынка полька узбечка таджичка киргизка казашка армянка грузинка азиатка
     українка українець росіянка полячка румунка рускиня българка българин румънка украинката",
];

static PEOPLES: LazyLock<HashSet<u64, FxBuildHasher>> = LazyLock::new(|| {
    let english = ENGLISH.split_whitespace().flat_map(|word| [word.to_owned(), format!("{word}s")]);
    let others = OTHERS.iter().flat_map(|words| words.split_whitespace()).map(str::to_owned);
    english.chain(others).filter_map(|word| word_hash(&word)).collect()
});

/// Most words of a stretch that are looked at.
const MOST_WORDS: usize = 3;

/// Whether a stretch that was taken for a name of this kind is words for peoples and nothing else.
pub(super) fn are_all(stretch: &str, label: Label, lexicon: &Lexicon<'_>) -> bool {
    let (mut words, mut all) = (0, true);
    each(stretch, |token| {
        if token.class == Class::Word {
            words += 1;
            all &= words <= MOST_WORDS && PEOPLES.contains(&token.word) && {
                let listed = lexicon.get(token.word);
                label != Label::Person || listed.forename().max(listed.surname()) == 0
            };
        }
    });
    words > 0 && all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peoples_alone_and_in_any_spelling_are_told_from_names_with_them() {
        let lexicon = super::super::built_in().lexicon();
        for people in ["Israeli", "PALESTINIANS", "Polish", "rumana", "Rumänin", "Русская", "Czech Romanian"] {
            assert!(are_all(people, Label::Location, lexicon), "{people}");
        }
        for other in ["Greek Street", "Argentina", "Maria", "", "12", "Poland", "Roman", "Georgiana", "a b c d Thai"] {
            assert!(!are_all(other, Label::Location, lexicon), "{other}");
        }
        // Forenames and surnames as well.
        for name in ["Dane", "French", "German"] {
            assert!(are_all(name, Label::Org, lexicon) && !are_all(name, Label::Person, lexicon), "{name}");
        }
        assert!(are_all("Palestinians", Label::Person, lexicon));
    }
}
