# ما تقوله الصفحات. لكل اللغات المفاتيح نفسها، واختبار يتحقق من ذلك.

product = Lanthorn
skip = انتقل إلى المحتوى
menu = القائمة
language = اللغة
language-choose = اختر
footer = ما يُفعل هنا يُكتب في سجل يستطيع الآخرون التحقق منه.
sign-out = خروج
back-home = العودة إلى البداية

menu-home = البداية
menu-cases = القضايا
menu-requests = طلباتي
menu-queue = القرارات
menu-papers = الأذون
menu-crawls = عمليات الجمع
menu-retention = الاحتفاظ
menu-log = السجل
menu-verify = التحقق
menu-patterns = أنماط
menu-help = مساعدة

role-analyst = محلل
role-supervisor = مشرف
role-operator = مشغّل
role-auditor = مدقق

sign-in-title = الدخول
sign-in = ادخل
sign-in-person = اسم الحساب
sign-in-passphrase = عبارة المرور
sign-in-code = رمز من ستة أرقام
sign-in-code-help = من برنامج المصادقة لديك. اتركه فارغًا في المرة الأولى.
sign-in-notice = كل محاولة تُسجَّل. إذا تعذّر عليك الدخول فاسأل مشرفًا؛ لا أحد يحتاج إلى عبارة مرورك كي يساعدك.
sign-in-failed = لم ينجح ذلك: الاسم أو عبارة المرور أو الرمز غير صحيح. كل رمز يصلح مرة واحدة؛ انتظر الرمز التالي وحاول من جديد.
sign-in-locked = محاولات كثيرة. انتظر { $seconds } ثانية ثم حاول من جديد.
sign-in-empty = أدخل اسم حسابك وعبارة مرورك.

second-factor-title = إعداد الخطوة الثانية
second-factor-about = من الآن تدخل بعبارة المرور وبرمز يعرضه برنامج على هاتفك أو حاسوبك. يصلح أي برنامج لرموز TOTP.
second-factor-step-1 = أدخل هذا السر في البرنامج. لا يُعرض إلا الآن.
second-factor-open = افتحه في برنامج على هذا الجهاز
second-factor-step-2 = اكتب الأرقام الستة التي يعرضها البرنامج.
second-factor-confirm = تأكيد
second-factor-failed = هذا الرمز غير صحيح. تحقق من ساعة البرنامج واكتب الأرقام المعروضة الآن.

home-title = البداية
home-about-analyst = تبحث في الصفحات المنقّحة لقضاياك. تظهر الأسماء والأرقام والعناوين فيها رموزًا بديلة؛ والرمز نفسه يعني دائمًا الشيء نفسه داخل القضية.
home-about-supervisor = تقرر مع آخرين هل يُفتح أصل واحد. توافق من برنامجك أنت وبمفتاحك أنت.
home-about-operator = تُجري عمليات جمع ضمن أذون موقّعة وترى حالها. لا ترى أي محتوى.
home-about-auditor = تفحص السجل: من فعل ماذا ولماذا وما الذي رُفض. لا ترى الأصول.
home-queue = { $count ->
    [zero] طلب ينتظر قرارك
    [one] طلب ينتظر قرارك
    [two] طلبان ينتظران قرارك
    [few] طلبات تنتظر قرارك
    [many] طلبًا تنتظر قرارك
   *[other] طلب تنتظر قرارك
}
home-requests = { $count ->
    [zero] طلب مفتوح لك
    [one] طلب مفتوح لك
    [two] طلبان مفتوحان لك
    [few] طلبات مفتوحة لك
    [many] طلبًا مفتوحًا لك
   *[other] طلب مفتوح لك
}
home-cases = { $count ->
    [zero] قضية تعمل عليها
    [one] قضية تعمل عليها
    [two] قضيتان تعمل عليهما
    [few] قضايا تعمل عليها
    [many] قضية تعمل عليها
   *[other] قضية تعمل عليها
}
home-reports = { $count ->
    [zero] تقرير من المتصفحات عن هذه الصفحات
    [one] تقرير من متصفح عن هذه الصفحات
    [two] تقريران من المتصفحات عن هذه الصفحات
    [few] تقارير من المتصفحات عن هذه الصفحات
    [many] تقريرًا من المتصفحات عن هذه الصفحات
   *[other] تقرير من المتصفحات عن هذه الصفحات
}
home-rules = كيف يجري العمل هنا
home-rule-redacted = ما تراه منقّح. الأصول مختومة ولا يستطيع أحد فتح أحدها وحده.
home-rule-reason = كي تقرأ صفحة كاملة تقول لماذا. ويُحفظ السبب.
home-rule-log = كل خطوة تُسجَّل قبل أن تحدث، ويستطيع أي أحد التحقق من السجل.
home-rule-two = لا أحد يوافق على طلبه هو.

help-title = مساعدة
help-keys = اختصارات لوحة المفاتيح
help-keys-about = اضغط المفتاح مع مفاتيح متصفحك: Alt+Shift في Firefox وTor Browser، وAlt في Chromium وEdge، وControl+Option على Mac.
help-key = المفتاح
help-leads = يقود إلى
help-search-field = حقل البحث
help-query = لغة الاستعلام
help-typed = المكتوب
help-finds = يجد
help-q-words = الصفحات التي فيها الكلمتان
help-q-phrase = الكلمات متجاورة بهذا الترتيب
help-q-or = الصفحات التي فيها إحدى الكلمتين
help-q-not = الصفحات التي فيها الكلمة الأولى دون الثانية
help-q-field = صفحات موقع واحد أو نوع واحد
help-q-range = الصفحات المنشورة في مدة معينة
help-q-token = الصفحات التي فيها هذا المعرّف المخفي
help-tokens = الرموز البديلة
help-tokens-about = الرمز مثل [PHONE:k7f3a9q2m4xtc] يحل محل معرّف أُخفي قبل حفظ أي شيء. لا يمكن إرجاعه إلى أصله. وكل رمز يقود إلى محوره: كل صفحات القضية التي تحمل المعرّف نفسه كيفما كُتب.

cases-title = القضايا
cases-none = لا تعمل على أي قضية بعد.
cases-none-do = يفتح المشرف القضايا ويعيّن لها الأشخاص.
case = القضية
case-open = مفتوحة
case-closed = مغلقة
case-since = منذ { $day }

search-title = البحث في { $case }
search-field = الاستعلام
search-button = ابحث
search-help = كلمات و"عبارات" وAND وOR وNOT وحقل:قيمة ورموز بديلة. لا أسماء ولا أرقام ولا عناوين: تُرفض.
search-help-more = المزيد عن الاستعلامات
search-count = { $count ->
    [zero] لا لقطة مطابقة
    [one] لقطة واحدة مطابقة
    [two] لقطتان مطابقتان
    [few] { $count } لقطات مطابقة
    [many] { $count } لقطة مطابقة
   *[other] { $count } لقطة مطابقة
}
search-understood = فُهم هكذا
search-none = لا صفحة مطابقة.
search-none-do = احذف كلمة، أو استعمل OR، أو انظر كيف فُهم الاستعلام.
search-empty = اكتب كلمات تستعملها الصفحات التي تبحث عنها.
search-empty-do = جرّب مكانًا أو أسلوب كلام أو نوع صفحة مثل kind:ad. انقر رمزًا في نتيجة كي ترى كل ما يشاركه فيه.
untitled = (بلا عنوان)
facets = تضييق النتائج
facet-site = الموقع
facet-language = اللغة
facet-kind = النوع
facet-value = القيمة
facet-count = اللقطات
facet-share = الحصة
pages = صفحات النتائج
page-before = النتائج السابقة
page-after = نتائج أخرى
page-of = الصفحة { $page } من { $pages }
kind-ad = إعلان
kind-thread = نقاش
kind-other = غير ذلك
day = اليوم
month = الشهر
token = الرمز

pivot-title = محور { $token }
pivot-count = يحمله { $count } من { $documents } لقطة في هذه القضية.
pivot-seen = شوهد أولًا في { $first } وآخر مرة في { $last }.
pivot-search = ابحث عنه
pivot-none = لا لقطة في هذه القضية تحمل هذا الرمز. رموز قضية أخرى لا تعني شيئًا هنا.
pivot-sites = حسب الموقع
pivot-months = حسب الشهر
pivot-captures = اللقطات، الأحدث أولًا
pivot-together = رموز معه
pivot-together-count = { $count ->
    [zero] لا رمز في اللقطات نفسها
    [one] رمز واحد في اللقطات نفسها
    [two] رمزان في اللقطات نفسها
    [few] { $count } رموز في اللقطات نفسها
    [many] { $count } رمزًا في اللقطات نفسها
   *[other] { $count } رمز في اللقطات نفسها
}

capture-title = لقطة
capture-name = العنوان
capture-id = اللقطة
capture-sealed-at = جُمعت وخُتمت
capture-original = الأصل
capture-original-sealed = مختوم، { $size }
capture-original-erased = مُحي: لا يستطيع أحد فتحه بعد الآن
capture-authorisation = الإذن
capture-commitment = بصمة الالتزام (SHA-256)
capture-read = قراءة الصفحة المنقّحة
capture-reason-help = جملة واحدة بلا أسماء ولا أرقام. تُحفظ في السجل.
capture-read-button = اعرض الصفحة
capture-noted = أنك قرأت هذه الصفحة، ولماذا، مدوّن في السجل.
capture-cut = الصفحة أطول مما يُعرض.
capture-ask = اطلب فتح الأصل
reason = السبب

request-form-title = طلب فتح أصل
request-form-about = يقرر المشرفون هل يجوز لك فتح هذا الأصل وحده. ويتحقق كل منهم في برنامجه من الضرورة والتناسب.
request-not-enrolled = لم تودع مفتاحًا يمكن تشفير الجواب له. أنشئ واحدًا على جهازك وسلّم الملف لمشرف:
request-code = رمز السبب
request-code-help = رمز تستعمله وحدتك مثل R1. أما break-glass فيُسقط الانتظار عند خطر وشيك على الحياة، ثم تُراجَع.
request-reason-help = ما الذي تتوقع أن تجده ولماذا لا يكفي ما هو أخف. لا أسماء ولا أرقام.
legal-basis = الأساس القانوني
request-hours = ساعات حتى ينتهي الطلب
request-send = أرسل الطلب
request-title = الطلب { $number }
request-number = الطلب
request-state = الحالة
request-approvals = الموافقات
request-until = ينتهي
request-asked-by = طلبه
request-break-glass = كسر الزجاج: لا تسري عليه الحدود، وعلى شخص لم يشارك فيه أن يراجعه.
request-open = افتحه
request-open-about = حين يوافق عدد كافٍ من المشرفين، افتحه على جهازك حيث مفتاحك:
request-withdraw = سحب الطلب
request-withdraw-button = اسحب الطلب
requests-title = طلباتي
requests-none = لم تطلب شيئًا.
requests-none-do = ابحث عن لقطة واقرأ الصفحة المنقّحة، ثم اطلب من هناك إن كان الأصل وحده ينفع.
state-waiting = ينتظر
state-approved = وافق عليه واحد على الأقل
state-denied = مرفوض
state-withdrawn = مسحوب
state-over = انتهت مدته
decisions = القرارات
decisions-none = لم يقرر أحد بعد.
decision-approved = موافق
decision-denied = رافض

queue-title = القرارات
queue-about = لا موافقة في هذه الصفحة: موافقتك حصة من مفتاح لا يملكها إلا برنامجك. يمكنك الرفض هنا.
queue-none = لا شيء ينتظر قرارك.
queue-none-do = تظهر طلبات المحللين هنا حالما تُقدَّم.
queue-approvals = { $count ->
    [zero] لا موافقات
    [one] موافقة واحدة
    [two] موافقتان
    [few] { $count } موافقات
    [many] { $count } موافقة
   *[other] { $count } موافقة
}
queue-decided = ما تقرر أو انتهى
decision-around = ما يحسن أن تعرفه أيضًا
decision-of-person = طلبات هذا الشخص في ثلاثين يومًا
decision-of-capture = الطلبات على هذه اللقطة حتى الآن
decision-entry = مدخل السجل الذي يعلنه
decision-own = هذا طلبك أنت: يقرر غيرك.
decision-done = لقد قررت.
decision-approve = الموافقة
decision-approve-about = وافق من برنامجك، فهو يتحقق من السجل والطلب من جديد:
decision-check-necessary = هل يلزم الأصل، أم تكفي الصفحة المنقّحة؟
decision-check-proportionate = هل يفوق ما قد يُعثر عليه ما يخسره كل من في تلك الصفحة؟
decision-check-legal = هل يشمل الأساس القانوني هذا السبب؟
decision-deny = الرفض
decision-deny-help = يقرؤه صاحب الطلب. والرفض ينهي الطلب.
decision-deny-button = ارفض الطلب

papers-title = الأذون
papers-about = لا يُجمع شيء دون إذن سارٍ منها. يوقّعها المشرفون على أجهزتهم.
papers-none = لا إذن مسجل.
papers-none-do = اكتب إذنًا واجعل المشرفين يوقّعونه ثم سجّله:
paper-standing = الوضع
paper-signed = وقّعه
paper-until = سارٍ حتى
paper-kept = مدة الاحتفاظ باللقطات
days = { $count ->
    [zero] لا أيام
    [one] يوم واحد
    [two] يومان
    [few] { $count } أيام
    [many] { $count } يومًا
   *[other] { $count } يوم
}
standing-in-force = سارٍ
standing-revoked = ملغى
standing-over = انتهت مدته

crawls-title = عمليات الجمع
crawls-none = لا قضية بعد.
crawls-none-do = يفتح المشرف قضية ثم يُسجَّل إذن لها.
crawl-title = جمع { $case }
crawl-progress = زيرت { $done } صفحة وتنتظر { $waiting }.
crawl-busy = { $count ->
    [0] لا مضيف يُسأل الآن.
    [one] مضيف واحد يُسأل الآن.
    [two] مضيفان يُسألان الآن.
    [few] { $count } مضيفين يُسألون الآن.
   *[other] { $count } مضيفًا يُسألون الآن.
}
crawl-watch = تابع: أعد تحميل هذه الصفحة كل عشر ثوان
crawl-stop-watching = أوقف المتابعة
crawl-none = لم يُجمع شيء لهذه القضية.
crawl-none-do = يبدأ الجمع على الجهاز الذي يجمع:
crawl-hosts = المضيفون
crawl-waiting = تنتظر
crawl-done = زيرت
crawl-retired = تُركت
crawl-refused = روابط مرفوضة
crawl-bytes = المستلم
crawl-latency = زمن الاستجابة
crawl-share = التقدم
crawl-why = لماذا ينتظر؟
crawl-pause = إيقاف مؤقت أو استئناف
crawl-pause-button = أوقف هذا الجمع مؤقتًا
crawl-resume-button = استأنف هذا الجمع
host-ready = جاهز
host-snoozed = يستريح
host-leased = يُسأل الآن
host-retired = أُنهي
host-exhausted = لم يبق شيء

retention-title = الاحتفاظ
retention-about = كم أصلًا يحتفظ به كل إذن، وكم منها تجاوز مدته.
retention-none = لم يُجمع شيء.
retention-days = الأيام
retention-kept = محفوظ
retention-due = مستحق المحو
retention-held = معلّق
retention-erased = مُحي
retention-do = يمحو المشرف ما حان وقته بالأمر

log-title = السجل
log-person = الشخص
log-kind = نوع الفعل
log-every-kind = كل الأنواع
log-capture = اللقطة
log-filter = اعرض
log-refusals = المرفوضات فقط
log-wrong = تعذّرت قراءة أحد الحقول: يُكتب الشخص مثل s.maria واللقطة بـ32 رقمًا ستة عشريًا.
log-none = لا مدخل مطابق.
log-entry = المدخل
log-at = الوقت
log-act = الفعل
log-who = من
log-says = ما يقوله القيد
log-erased = مُحي القيد وبقي المدخل.
log-hidden = (مشفّر للمدققين)
log-older = مداخل أقدم
log-queries = ما بحث عنه الناس مشفّر لك. اقرأه على جهازك بالأمر
part-intent = أُعلن
part-outcome = انتهى
part-note = دُوّن
act-collect = جُمع
act-alter = عُدّل
act-consult = بُحث أو قُرئ
act-disclose = أُفصح عنه
act-combine = محور
act-erase = مُحي
act-refuse = رُفض
act-sign-in = دخول
act-sign-in-failed = دخول فاشل
act-sign-out = خروج
act-unseal-request = طلب فتح
act-unseal-grant = موافقة
act-unseal-deny = رفض الفتح
act-unseal-open = فُتح
act-unseal-close = أُغلق
act-log-read = قُرئ السجل
act-account = استُخدم حساب موقع

verification-title = التحقق
verification-good = { $count ->
    [zero] السجل سليم وفارغ.
    [one] السجل سليم: مدخل واحد في الشجرة الموقّعة.
    [two] السجل سليم: مدخلان في الشجرة الموقّعة.
    [few] السجل سليم: { $count } مداخل، كلها في الشجرة الموقّعة.
    [many] السجل سليم: { $count } مدخلًا، كلها في الشجرة الموقّعة.
   *[other] السجل سليم: { $count } مدخل، كلها في الشجرة الموقّعة.
}
verification-origin = السجل
verification-at = وقت التحقق
verification-opened = قيود تفتح مداخلها
verification-erased = قيود مُحيت
verification-unsigned = مداخل تنتظر التوقيع
verification-open = أفعال أُعلنت ولم تنته
verification-witnesses = الشهود
verification-no-witness = لم يشارك أحد في التوقيع عليه بعد. يفعل المشرفون والمدققون ذلك من برامجهم.
verification-witnessed = { $count ->
    [zero] شهد على سجل فارغ
    [one] شهد على مدخل واحد
    [two] شهد على مدخلين
    [few] شهد على { $count } مداخل
    [many] شهد على { $count } مدخلًا
   *[other] شهد على { $count } مدخل
}
verification-bad = السجل غير سليم.
verification-bad-do = توقف عن استعمال هذا النظام، وأبق مجلده كما هو، وقارنه بنسخة شاهد.
verification-outside = يجري هذا الفحص على الجهاز المفحوص. انسخ السجل وافحصه على جهاز آخر بالأمر

patterns-title = أنماط
patterns-about = ما ينظر فيه المدقق أولًا. ليس أي منها حكمًا: لا بد أن ينظر أحد في المداخل.
patterns-none = لا شيء مما تبحث عنه هذه القواعد.
patterns-rows = المداخل
pattern-reciprocity = يوافق كل منهما للآخر
pattern-speed = موافقة خلال لحظات
pattern-same-pair = المشرف نفسه دائمًا تقريبًا
pattern-refusals = رُفض مرة بعد مرة
pattern-night = في الليل

problem-at = الخطأ عند الحرف { $place }.
problem-wait = حاول من جديد بعد { $seconds } ثانية.
problem-not-found = لا شيء هنا
problem-not-found-do = إما أنه غير موجود أو أنه من قضية لا تعمل عليها. ابدأ من قضاياك.
problem-signed-out = لم تدخل بعد
problem-signed-out-do = ادخل ثم تابع.
problem-sign-in = فشل الدخول
problem-sign-in-do = الاسم أو عبارة المرور أو الرمز غير صحيح.
problem-locked = محاولات دخول كثيرة
problem-locked-do = انتظر ثم حاول من جديد.
problem-second-factor-first = لم تُعدّ الخطوة الثانية
problem-second-factor-first-do = ادخل مرة بمتصفح وأعدّها هناك.
problem-role = دورك لا يفعل هذا
problem-role-do = اطلب ذلك ممن يسمح له دوره. محاولتك مدوّنة في السجل.
problem-refused = قاعدة تمنع هذا
problem-refused-do = تقول القاعدة ما الذي يجعله مشروعًا. محاولتك مدوّنة في السجل.
problem-form-token = انتهت صلاحية هذه الاستمارة
problem-form-token-do = ارجع وأعد تحميل الصفحة وأرسلها مرة أخرى. إن لم ترسل شيئًا فربما حاول غيرك باسمك.
problem-too-many = طلبات كثيرة
problem-too-many-do = أنت أسرع مما يسمح به هذا الخادم لشخص واحد.
problem-host = ليس هذا عنوان هذا الخادم
problem-host-do = استعمل العنوان الذي أعطتك إياه وحدتك.
problem-deadline = استغرق ذلك وقتًا طويلًا
problem-deadline-do = ضيّق الاستعلام أو احذف كلمة شائعة من عبارة.
problem-unavailable = غير متاح الآن
problem-unavailable-do = حاول بعد قليل؛ وإن استمر فأخبر من يعتني بالجهاز.
problem-failed = حدث خلل
problem-failed-do = دُوّن ذلك. حاول من جديد؛ وإن استمر فأخبر من يعتني بالجهاز.
problem-no-log = تعذّرت الكتابة في السجل
problem-no-log-do = ما لا يمكن تسجيله لا يُفعل. أخبر من يعتني بالجهاز.
problem-unreadable = تعذّرت قراءة هذا الطلب
problem-unreadable-do = ارجع واستعمل الاستمارة.
problem-too-large = هذا طويل جدًا
problem-too-large-do = اختصره وحاول من جديد.
problem-empty-field = حقل فارغ
problem-empty-field-do = املأ كل حقول الاستمارة.
problem-long-field = نص طويل جدًا
problem-long-field-do = استعمل جملة لا تزيد على ألف حرف.
problem-hours = عدد الساعات غير مناسب
problem-hours-do = استعمل من 1 إلى 72.
problem-usage = هذا غير مناسب
problem-usage-do = اقرأ ما قيل وغيّره.
problem-token = هذا ليس رمزًا بديلًا
problem-token-do = يبدو الرمز مثل [PHONE:k7f3a9q2m4xtc]. انقر واحدًا في نتيجة.
problem-identifier = فيه معرّف، فلم يُستعمل
problem-identifier-do = لا يُبحث أبدًا عن الأسماء والأرقام والعناوين ولا تُحفظ. ابحث عن الرمز بدلًا منها: جد صفحة تحمله وانقره هناك. ما كتبته لم يُحفظ في أي مكان؛ والرفض مدوّن في السجل.
problem-query = تعذّرت قراءة الاستعلام
problem-query-do = أصلحه وابحث من جديد.
problem-no-index = لم يُفهرس شيء لهذه القضية بعد
problem-no-index-do = تظهر الصفحات هنا حين يجمع الجمع بعضها.
problem-window = هذا بعيد جدًا
problem-window-do = لا أحد يقرأ عشرة آلاف نتيجة: ضيّق الاستعلام بدلًا من ذلك.
problem-not-indexed = الصفحة المنقّحة ليست في الفهرس
problem-not-indexed-do = ربما لم تُفهرس بعد، أو حلت محلها لقطة أحدث للصفحة نفسها.
problem-erased = مُحي الأصل
problem-erased-do = لا يستطيع أحد فتحه بعد الآن.
problem-not-enrolled = لم تودع مفتاحًا
problem-not-enrolled-do = تُشفَّر الأجوبة لمفتاح لك؛ أنشئ واحدًا وسلّمه لمشرف.

search-sort = الترتيب
search-why = لماذا هذه النتيجة
search-least = على الأقل
sort-best = الأفضل أولًا
sort-newest = آخر ما جُمع أولًا
sort-oldest = أول ما جُمع أولًا
sort-newest-posted = آخر ما نُشر أولًا
sort-oldest-posted = أول ما نُشر أولًا
sort-cheapest = أدنى سعر أولًا
sort-dearest = أعلى سعر أولًا
facet-place = البلد
facet-board = القسم
facet-month = الشهر
histogram = عبر الزمن
first-day = الأول
last-day = الأخير
kind-board = قسم
kind-ad-list = قائمة إعلانات
pivot-links = ما يرتبط به
pivot-places = حسب البلد
capture-alike = صفحات تقول الشيء نفسه تقريبًا

links-title = روابط { $token }
links-about = يرتبط رمزان حين يردان في الصفحة نفسها. الرابط سبب للنظر وليس حكمًا.
links-depth = الخطوات
links-nodes = الرموز، الأقرب أولًا
links-end = لماذا لم يُتبع أبعد
links-end-hub = في صفحات كثيرة حتى إنه يربط ما لا صلة بينه
links-end-weak = يشترك فيه كثيرون: مكان أو منظمة أو تاريخ
links-end-depth = إلى الحد المطلوب
links-none = لا رمز آخر في الصفحات نفسها.
links-edges = الروابط وأسبابها
links-from = من
links-to = إلى
links-together = معًا في
links-such = اللقطات
links-cut = هناك أكثر مما يُعرض.
links-wrong = خطأ؟
links-remove = إزالة
links-remove-title = رابط خاطئ
links-why = لماذا هو خطأ
links-removed = روابط وجدها أحدهم خاطئة: تبقى مستبعدة حتى تُعاد
links-restore = إعادة

groups-title = المجموعات في { $case }
groups-title-short = المجموعات
groups-about = صفحات تقول الشيء نفسه تقريبًا، معروضة بما تشترك فيه مع فراغات حيث تختلف.
groups-count = { $count } مجموعة من { $captures } لقطة.
groups-cut = في القضية لقطات أكثر مما يُقارن: قد تنقص مجموعات.
groups-mirrors = مواقع تكرر غيرها
groups-repeats = يكرر
groups-shared = لقطات مشتركة
groups-none = لا توجد لقطتان تقولان الشيء نفسه تقريبًا.
groups-one = { $count ->
    [zero] لا لقطات
    [one] لقطة واحدة
    [two] لقطتان
    [few] { $count } لقطات
    [many] { $count } لقطة
   *[other] { $count } لقطة
}

schedules = الجداول
schedules-none = تُجمع هذه القضية حين يبدأ أحد ذلك، وليس وفق أي جدول.
schedule-pattern = النمط
schedule-pattern-help = الدقيقة والساعة ويوم الشهر والشهر ويوم الأسبوع: 0 3 * * * يعني كل ليلة عند الثالثة.
schedule-zone = المنطقة الزمنية
schedule-minutes = دقائق على الأكثر
schedule-next = المرة القادمة
schedule-runs = مرات التشغيل
schedule-missed = الفائتة
schedule-by = وضعه
schedule-add = أضف الجدول
schedule-remove = أزل
problem-minutes = عدد الدقائق غير مناسب
problem-minutes-do = استعمل من 1 إلى 10080، أي أسبوعًا.

# Working on a case

folders-title = مجلدات { $case }
folders-short = المجلدات
folders-none = لا يوجد مجلد بعد.
folders-none-do = يجمع المجلد لقطات ينتمي بعضها إلى بعض. أنشئ مجلدًا ثم ضع فيه اللقطات من صفحاتها.
folder-title = المجلد { $name }
folder-name = اسم المجلد
folder-new = مجلد جديد
folder-make = أنشئ المجلد
folder-all = كل المجلدات
folder-none = هذا المجلد فارغ.
folder-none-do = افتح لقطة وضعها هنا.
folder-take = أخرجها
folder-put = المجلد
folder-put-button = ضعها في المجلد
folder-added-by = وضعها
folder-added-at = وُضعت في
made-by = أنشأه
made-at = أُنشئ في
no-identifiers = لا أسماء ولا أرقام ولا عناوين: فهي تُرفض. استعمل الرموز.

notes-title = ملاحظات على { $case }
notes-short = الملاحظات
notes-none = لم يُكتب شيء بعد.
notes-none-do = اكتب ما تراه وما تستنتجه منه، وسمِّ كل شيء بما هو عليه.
notes-all = كل ملاحظات القضية
note-about = عن
note-about-case = القضية كلها
note-about-help = الكلمة case أو معرّف لقطة أو رمز.
note-kind = نوع القول
note-note = ملاحظة عمل
note-tag = وسم
note-captured = ملتقط: ما تقوله صفحة
note-derived = مستخلص: ما يترتب على الصفحات
note-assessed = مقدَّر: ما يراه شخص
note-text = القول
note-founded = ما يستند إليه القول المستخلص أو المقدَّر
note-basis = الأساس
note-confidence = الثقة
confidence-low = منخفضة
confidence-moderate = متوسطة
confidence-high = عالية
note-until = سارٍ حتى
note-expired = لم يعد ساريًا
note-withdraw = اسحبها
note-new = اكتب شيئًا
note-new-about = لا ينبغي لأحد أن يأخذ التخمين على أنه حقيقة: يذكر التقدير أساسه ومدى ثقتك وإلى متى يسري.
note-write = اكتبها
pivot-notes = ملاحظات عنه

alerts-title = عمليات البحث المحفوظة والتنبيهات في { $case }
alerts-short = التنبيهات
alerts-none = لا بحث محفوظ.
alerts-none-do = احفظ استعلامًا كي تعود إليه؛ وإن جعلته تنبيهًا قورنت به كل صفحة جديدة.
alerts-all = كل عمليات البحث المحفوظة
alert-title = التنبيه { $name }
alert-on = تُقارن به الصفحات الجديدة
alert-off = محفوظ فقط
alert-forget = انسَه
alert-new = احفظ بحثًا
alert-name = الاسم
alert-check = قارن به كل صفحة جديدة (تنبيه)
alert-save = احفظ
alert-none = لم تُطلقه أي صفحة.
alert-none-do = تُقارن به الصفحات عند فهرستها، منذ أن حُفظ.
alert-matched = أُطلق في
alert-seen = رآها
alert-new-page = جديدة
alert-noted = تُعدّ هذه الصفحات مرئية من الآن. واطلاعك مدوّن في السجل.
search-save = احفظ هذا البحث

indicators-title = المؤشرات في { $case }
indicators-short = المؤشرات
indicators-about = تسمّي كل قاعدة كلمات يعدّها مصدر منشور مؤشرًا على الاتجار. تخصّ العلامة صفحةً لا شخصًا؛ ولا توجد درجات، ولا تعني العلامة شيئًا حتى ينظر فيها أحد ويقول السبب.
indicators-none = لا قاعدة تضع علامة على صفحة من هذه القضية.
indicators-none-do = تُطبَّق القواعد من جديد كلما فُتحت هذه الصفحة.
indicator-search = ابحث عنها كلها
flag-confirmed = مؤكدة
flag-dismissed = مستبعدة
flag-open = لم ينظر فيها أحد بعد.
flag-decide = قرّر
flag-decide-anew = قرّر من جديد
flag-confirm = أكّدها
flag-dismiss = استبعدها

problem-about = لا يمكن أن تكون الملاحظة عن هذا
problem-about-do = اكتب case أو معرّف لقطة أو رمزًا مثل [PHONE:k7f3a9q2m4xtc].
problem-day = هذا ليس يومًا
problem-day-do = اكتبه سنة-شهر-يوم، مثل 2027-05-31.
problem-taken = في القضية واحد بهذا الاسم
problem-taken-do = اختر اسمًا آخر.
problem-length = نص فارغ أو طويل جدًا
problem-length-do = يقول الرقم كم حرفًا يُسمح به.
problem-unfounded = لا يقول هذا القول علامَ يستند
problem-unfounded-do = يحتاج القول المستخلص إلى أساسه؛ ويحتاج المقدَّر إلى أساسه وثقة ويوم يسري حتى.

alert-look = { $count ->
    [zero] لا صفحات جديدة: اعرض السابقة
    [one] صفحة جديدة: اعرضها
    [two] صفحتان جديدتان: اعرضهما
    [few] { $count } صفحات جديدة: اعرضها
    [many] { $count } صفحة جديدة: اعرضها
   *[other] { $count } صفحة جديدة: اعرضها
}
indicator-count = { $count ->
    [zero] لا صفحات عليها علامة
    [one] صفحة واحدة عليها علامة
    [two] صفحتان عليهما علامة
    [few] { $count } صفحات عليها علامة؛ تظهر الأحدث
    [many] { $count } صفحة عليها علامة؛ تظهر الأحدث
   *[other] { $count } صفحة عليها علامة؛ تظهر الأحدث
}
indicators-silent = { $count ->
    [zero] كل القواعد تضع علامات هنا.
    [one] قاعدة واحدة لا تضع علامة على شيء هنا.
    [two] قاعدتان لا تضعان علامة على شيء هنا.
    [few] { $count } قواعد لا تضع علامة على شيء هنا.
    [many] { $count } قاعدة لا تضع علامة على شيء هنا.
   *[other] { $count } قاعدة لا تضع علامة على شيء هنا.
}
notes-about-this = { $count ->
    [zero] لا ملاحظات على هذه اللقطة بعد
    [one] ملاحظة واحدة على هذه اللقطة
    [two] ملاحظتان على هذه اللقطة
    [few] { $count } ملاحظات على هذه اللقطة
    [many] { $count } ملاحظة على هذه اللقطة
   *[other] { $count } ملاحظة على هذه اللقطة
}

home-keys = الدخول بمفتاح أمان: أضف واحدًا أو انظر مفاتيحك
keys-link = مفاتيح الأمان
keys-title = مفاتيح الأمان الخاصة بك
keys-about = يُدخلك مفتاح الأمان بلمسة مع رمزه السري أو بصمتك، في هذا العنوان وحده: لا يستطيع أحد أن يستدرجك لاستعماله في مكان آخر. احتفظ بمفتاحين في مكانين مختلفين.
keys-demanded = دورك يدخل هنا بمفتاح أمان فقط، ولا يُزال المفتاح الأخير.
keys-needed = أضف مفتاح أمان للمتابعة
keys-needed-do = دورك يدخل هنا بمفتاح أمان. أضف واحدًا أدناه ثم ادخل به. وحتى ذلك الحين لا يُفتح لك شيء آخر.
keys-none = ليس لديك مفتاح أمان بعد
keys-none-do = تدخل الآن بعبارة المرور وبرمز. ومع المفتاح لا تحتاج إلى أي منهما.
key-added = أُضيف
key-used = آخر استعمال
key-unused = لم يُستعمل بعد
key-kind = النوع
key-bound = مرتبط بجهاز واحد
key-synced = مفتاح مرور يستطيع مزوّده نسخه إلى أجهزتك الأخرى
key-remove = إزالة
key-new = إضافة مفتاح
key-name = اسم المفتاح
key-name-help = ما تميّزه به عن غيره، مثل «الأزرق، في البيت». يستطيع القائمون على الحسابات قراءته.
key-add = إضافة هذا المفتاح
key-needs-scripts = تحتاج مفاتيح الأمان إلى النصوص البرمجية، وهذا المتصفح لا يشغّلها هنا أو لا يعرف المفاتيح. كل ما عداها يعمل من دونها؛ ادخل بعبارة المرور وبرمز.
key-waits = المس مفتاحك وأدخل رمزه السري أو بصمتك.
key-not-given = لم يقدّم المتصفح مفتاحًا: أُلغي الأمر أو طال الوقت أو أن المفتاح الحاضر ليس لهذه الصفحة. حاول من جديد.
key-elsewhere = تُستعمل مفاتيح الأمان في هذا العنوان:
prove-title = أثبت أنك أنت
prove-about = لإضافة المفاتيح أو إزالتها. يسري ذلك خمس دقائق.
prove-code-help = رمز جديد: الرمز الذي دخلت به استُهلك.
prove = إثبات
prove-with-key = أو بمفتاح لديك
prove-key = الإثبات بمفتاح
sign-in-key-title = بمفتاح أمان
sign-in-key = الدخول بمفتاح أمان
sign-in-key-failed = لم يُقبل هذا المفتاح. قد لا يكون مسجّلًا هنا أو لم يعد كذلك. محاولتك مدوّنة في السجل.
sign-in-key-late = طال الوقت أو كانت الصفحة مفتوحة مرتين. حاول من جديد.
sign-in-key-demanded = دورك يدخل هنا بمفتاح أمان. إن فقدت مفتاحك فاطلب من مشرف آخر سحبه.
problem-key = لم يُقبل مفتاح الأمان
problem-key-do = حاول من جديد أو بمفتاح آخر. محاولتك مدوّنة في السجل.
problem-key-late = بقيت الصفحة مفتوحة وقتًا طويلًا
problem-key-late-do = أو كانت مفتوحة مرتين. حاول من جديد؛ هذه الصفحة تسأل من جديد.
problem-key-demanded = دورك يدخل بمفتاح أمان
problem-key-demanded-do = استعمل متصفحًا ومفتاحك. وإن فُقد فليسحبه مشرف آخر.
problem-key-first = أضف مفتاح أمان أولًا
problem-key-first-do = دورك يدخل هنا بمفتاح. أضفه بمتصفح ضمن «مفاتيح الأمان».
problem-key-name = هذا ليس اسمًا لمفتاح
problem-key-name-do = استعمل من 1 إلى 60 حرفًا واسمًا لا يحمله أي من مفاتيحك.
problem-key-limit = لديك أقصى عدد من المفاتيح
problem-key-limit-do = أزل واحدًا أولًا.
problem-last-key = هذا مفتاحك الأخير
problem-last-key-do = دورك يحتاج إلى مفتاح هنا. أضف غيره أولًا.
