"""The wordings that a new group begins with, written by us, in the three languages of the kinds of help."""

from collections.abc import Mapping

ENGLISH: Mapping[str, str] = {
    "script.greeting": "{group}, hello. My name is … How can we help?",
    "script.intake": (
        "Is it for you, or for somebody else?\n"
        "Which number can we ring you on? When is it safe to ring?\n"
        "What would help? Is it needed today, this week, or is there no hurry?\n"
        "Where should somebody come? Is there anything they must know: stairs, a dog, an allergy?\n"
        "Pick a word. Whoever comes will say it at your door."
    ),
    "script.closing": (
        "Your number with us is {reference}. We ring you before anybody comes.\n"
        "Nobody of ours will ever ask you for a bank card, a PIN or a password."
    ),
    "script.no_help": (
        "I am sorry, this is something we cannot do. Let me give you the number of somebody who can."
    ),
    "consent.help_you": "“May we keep this on paper and computer to help you?”",
    "consent.groups_see": "“May other groups nearby see that help is wanted, without your name?”",
    "consent.keep_details": "“May we keep your details, so that next time is quicker?”",
    "consent.details_to_group": (
        "“Somebody from {group} could help you. For that they need your first name, how to reach you,"
        " what is to be done,"
        " and your address if somebody comes. Only the person who comes gets to read it, and {group}"
        " deletes it a few days"
        " later. May we pass it on? If not, we go on looking ourselves.”"
    ),
    "consent.ring": (
        "“May we ring you now and then, to hear how you are, and keep on paper and computer what comes of"
        " it?”"
    ),
    "consent.messages": (
        "You may write to me by yourselves, in the way I choose: what fits me, "
        "and what becomes of it. I can end that"
        " at any time."
    ),
    "consent.refer": (
        "“We cannot find anybody ourselves. May we give your request to a neighbouring group, "
        "with your name, how to"
        " reach you, your address and what you told us? They would ring you and find somebody. If you"
        " would rather not,"
        " we go on looking.”"
    ),
    "volunteer.offered": (
        "“{group} needs help near you. May we tell them that one of our volunteers would go? They hear"
        " since when you are"
        " with us, which checks you have, roughly where you live and how far you go, and what you can"
        " do. Not your name.”"
    ),
    "ask.help_you": "You may keep this to help me",
    "ask.groups_see": "Other groups nearby may see that help is wanted, without my name",
    "ask.keep_details": "You may keep my details afterwards, so that next time is quicker",
    "ask.pass_on": "You may give {group} all of this, so that they can ring me and help",
    "volunteer.keep_details": "You may keep this to ring me about helping",
    "gift.keep_details": "You may keep this to ring me about what I offer",
    "triage.urgent": (
        "Today: no food for today, no medicine for tomorrow, no heating in the cold, a child or an ill"
        " person alone.\n"
        "This week: it gets worse if nobody comes.\n"
        "No hurry: everything else."
    ),
    "triage.decides": (
        "Whoever takes the call decides. If you are not sure, "
        "choose the more urgent one and tell the coordinator"
        " on duty."
    ),
    "emergency.words": (
        "chest pain, chest pains, chest hurts, pain in my chest, pain in his chest, pain in her chest, "
        "heart attack, stroke, can't breathe, cant breathe, cannot breathe, can not breathe, "
        "struggling to breathe, not breathing, isn't breathing, stopped breathing, turning blue, choking, "
        "unconscious, unresponsive, passed out, he collapsed, she collapsed, collapsed on, can't wake, "
        "cant wake, cannot wake, can not wake, couldn't wake, won't wake, not waking up, doesn't wake up, "
        "does not wake up, seizure, seizures, convulsions, fell and can't get up, fell and cannot get up, "
        "fallen and can't get up, fallen and cannot get up, lying on the floor, bleeding, in labour, "
        "waters broke, allergic reaction, overdose, overdosed, took too many, taken too many, "
        "took all her pills, took all his pills, swallowed bleach, drank bleach, poisoned, poisoning, "
        "carbon monoxide, suicide, suicidal, kill myself, kill himself, kill herself, kill themselves, "
        "killing myself, killing himself, killing herself, want to die, wants to die, better off dead, "
        "to live any more, to live anymore, nothing to live for, end my life, end his life, end her life, "
        "take my own life, take his own life, take her own life, end it all, self-harm, self-harming, "
        "hurt myself, hurt himself, hurt herself, harm himself, harm herself, cutting herself, "
        "cutting himself, hits me, hits him, hits her, hits them, hit me, hit him, hit her, "
        "hits his wife, hits his partner, hits his mother, hits his children, hits her children, "
        "hits the children, hits the kids, beats me, beats him, beats her, beats them, beating me, "
        "beating him, beating her, beat her up, strangled, raped, stabbed, knife, has a gun, "
        "domestic violence, afraid of her husband, scared of her husband, threatens to kill, "
        "threatened to kill, threatening to kill, wants to kill, want to kill, going to kill, "
        "tried to kill, he'll kill, will kill me, will kill him, will kill her, will kill them, fire, "
        "face droops, face is drooping, baby is blue, lips are blue, fainted, "
        "cut his wrists, cut her wrists, cut my wrists, ending it all, locked in by her, locked in by his, "
        "full of smoke, smoke in the kitchen, smoke in the house, gas smell, gas leak, smell gas, "
        "smells gas, smelt gas, smell of gas, smells of gas"
    ),
    "emergency.say": (
        ""
        "This sounds dangerous. Please hang up and ring the emergency number now: 112 works in most countries.\n"
        "If you cannot, tell me where you are and I ring for you. I stay on the line."
    ),
    "visit.alone": (
        ""
        "Tell somebody where you go and when you will be back. Stay at the door if you do not feel well about it."
        " You may always leave."
    ),
    "message.ask_volunteer": (
        "Hello {name}, somebody in {area} needs help: {kind}, {when}. Can you? Answer here: {link} – {group}"
    ),
    "message.ask_organisation": (
        "Hello {name}, could you help with this? {kind} in {area}, "
        "{when}. Please ring {phone} and say {reference}."
        " Thank you! – {group}"
    ),
    "message.group_chat": "Who can help? {kind} in {area}, {when}. – {group}",
    "message.confirmed": "Thank you, {name}! You are confirmed: {kind}, {when}. The details are"
    " here: {link} – {group}",
    "message.told": "{helper} comes {when}. They will say “{word}” at the door.",
    "privacy.why": (
        "We keep what you tell us only to help you. We show it to the person who comes, "
        "and to nobody else without"
        " asking you. You can see it, have it put right or have it deleted: just tell us."
    ),
}

SPANISH: Mapping[str, str] = {
    "script.greeting": "{group}, hola. Me llamo … ¿En qué podemos ayudar?",
    "script.intake": (
        "¿Es para usted o para otra persona?\n"
        "¿A qué número podemos llamar? ¿Cuándo es seguro llamar?\n"
        "¿Qué le ayudaría? ¿Hace falta hoy, esta semana, o no hay prisa?\n"
        "¿Adónde hay que ir? ¿Hay algo que deban saber: escaleras, un perro, una alergia?\n"
        "Elija una palabra. Quien vaya la dirá en su puerta."
    ),
    "script.closing": (
        "Su número con nosotros es {reference}. Le llamamos antes de que vaya nadie.\n"
        "Nadie de los nuestros le pedirá nunca una tarjeta, un PIN o una contraseña."
    ),
    "script.no_help": "Lo siento, esto no lo podemos hacer. Le doy el número de alguien que sí puede.",
    "consent.help_you": "«¿Podemos guardar esto en papel y en el ordenador para ayudarle?»",
    "consent.groups_see": "«¿Pueden otros grupos cercanos ver que se busca ayuda, sin su nombre?»",
    "consent.keep_details": "«¿Podemos guardar sus datos para que la próxima vez sea más rápido?»",
    "consent.details_to_group": (
        "«Alguien de {group} podría ayudarle. Para eso necesitan su nombre de pila, cómo localizarle,"
        " qué hay que hacer y,"
        " si alguien va, su dirección. Solo lo lee la persona que va, "
        "y {group} lo borra unos días después. ¿Podemos"
        " dárselo? Si no, seguimos buscando nosotros.»"
    ),
    "consent.ring": (
        "«¿Podemos llamarle de vez en cuando, para saber cómo está, y guardar lo que resulte en papel y en el"
        " ordenador?»"
    ),
    "consent.messages": (
        "Pueden escribirme por su cuenta, "
        "del modo que yo elija: lo que encaja conmigo y lo que resulta de ello. Puedo"
        " terminarlo cuando quiera."
    ),
    "consent.refer": (
        "«Nosotros no encontramos a nadie. ¿Podemos dar su petición a un grupo vecino, con su nombre,"
        " cómo localizarle,"
        " su dirección y lo que nos contó? Ellos le llamarían y buscarían a alguien. Si prefiere que no, "
        "seguimos"
        " buscando.»"
    ),
    "volunteer.offered": (
        "«{group} necesita ayuda cerca de usted. ¿Podemos decirles que iría alguien de los nuestros?"
        " Sabrán desde cuándo"
        " está con nosotros, qué comprobaciones tiene, más o menos dónde vive, hasta dónde va y qué"
        " sabe hacer. Su nombre,"
        " no.»"
    ),
    "ask.help_you": "Pueden guardar esto para ayudarme",
    "ask.groups_see": "Otros grupos cercanos pueden ver que se busca ayuda, sin mi nombre",
    "ask.keep_details": "Pueden guardar mis datos después, para que la próxima vez sea más rápido",
    "ask.pass_on": "Pueden dar todo esto a {group}, para que me llamen y me ayuden",
    "volunteer.keep_details": "Pueden guardar esto para llamarme y que yo ayude",
    "gift.keep_details": "Pueden guardar esto para llamarme sobre lo que ofrezco",
    "triage.urgent": (
        "Hoy: sin comida para hoy, sin medicinas para mañana, sin calefacción con frío, "
        "una criatura o una persona"
        " enferma sola.\n"
        "Esta semana: empeora si no va nadie.\n"
        "Sin prisa: todo lo demás."
    ),
    "triage.decides": (
        "Decide quien atiende la llamada. Si duda, elija lo más urgente y avise a quien coordina ese día."
    ),
    "emergency.words": (
        "dolor en el pecho, duele el pecho, ictus, infarto, derrame cerebral, ataque al corazón, "
        "no puede respirar, no puedo respirar, no respira, le cuesta respirar, le falta el aire, me ahogo, "
        "se ahoga, ahogando, atragantado, atragantada, inconsciente, perdido el conocimiento, "
        "perdió el conocimiento, desmayado, desmayada, se desmayó, no despierta, no se despierta, "
        "no puedo despertar, no puedo despertarlo, no puedo despertarla, no reacciona, convulsiones, "
        "ataque epiléptico, no puede levantarse del suelo, no se puede levantar del suelo, "
        "caído y no puede levantarse, cayó y no puede levantarse, sangra, sangro, sangrando, hemorragia, "
        "está de parto, roto aguas, rompió aguas, reacción alérgica, sobredosis, demasiadas pastillas, "
        "tomado muchas pastillas, tomó muchas pastillas, se tomó muchas pastillas, "
        "me tomé muchas pastillas, se ha tomado todas, "
        "se tomó todas, bebió lejía, envenenado, envenenada, intoxicado, intoxicada, monóxido, suicidio, "
        "suicida, suicidar, suicidarse, suicidarme, matarme, matarse, me quiero matar, se quiere matar, "
        "se va a matar, quiero morir, quiere morir, quiero morirme, quiere morirse, me quiero morir, "
        "se quiere morir, ganas de morir, ya no quiero vivir, ya no quiere vivir, seguir viviendo, "
        "quitarme la vida, quitarse la vida, acabar con mi vida, acabar con su vida, autolesiones, "
        "se autolesiona, hacerse daño, hacerme daño, se hace daño, me pega, le pega, les pega, la pega, "
        "nos pega, me pegan, me ha pegado, le ha pegado, les ha pegado, me pegó, le pegó, les pegó, "
        "me golpea, le golpea, la golpea, la golpeó, me golpeó, me maltrata, la maltrata, le maltrata, "
        "lo maltrata, malos tratos, estrangula, la violó, la han violado, apuñalado, apuñalada, cuchillo, "
        "miedo de su marido, miedo a su marido, me mata, matarla, matarlo, matarle, amenaza con matar, "
        "pega a su mujer, pega a su pareja, pega a su madre, pega a sus hijos, la ha pegado, lo ha pegado, "
        "me van a matar, lo van a matar, la van a matar, me va a matar, la va a matar, le va a matar, "
        "amenazada de muerte, incendio, fuego, en llamas, "
        "olor a gas, huele a gas, huelo gas, fuga de gas, escape de gas"
    ),
    "emergency.say": (
        "Esto parece peligroso. Por favor, "
        "cuelgue y llame ahora a emergencias: el 112 funciona en muchos países.\n"
        "Si no puede, dígame dónde está y llamo yo. Sigo en la línea."
    ),
    "visit.alone": (
        ""
        "Diga a alguien adónde va y cuándo vuelve. Quédese en la puerta si no lo ve claro. Siempre puede irse."
    ),
    "message.ask_volunteer": (
        "Hola {name}, alguien en {area} necesita ayuda: {kind}, "
        "{when}. ¿Puede? Responda aquí: {link} – {group}"
    ),
    "message.ask_organisation": (
        "Hola, {name}: ¿pueden ayudar con esto? {kind} en {area}, {when}. Llámennos, por favor, "
        "al {phone} y digan"
        " {reference}. ¡Gracias! – {group}"
    ),
    "message.group_chat": "¿Quién puede ayudar? {kind} en {area}, {when}. – {group}",
    "message.confirmed": "¡Gracias, {name}! Confirmado: {kind}, {when}. Los detalles están aquí: {link} – {group}",
    "message.told": "{helper} va {when}. En la puerta dirá «{word}».",
    "privacy.why": (
        "Guardamos lo que nos cuenta solo para ayudarle. Lo ve la persona que va, "
        "y nadie más sin preguntarle. Puede"
        " verlo, corregirlo o pedir que lo borremos: basta con decirlo."
    ),
}

ARABIC: Mapping[str, str] = {
    "script.greeting": "{group}، مرحبًا. اسمي … كيف يمكننا أن نساعد؟",
    "script.intake": (
        "هل المساعدة لك أم لشخص آخر؟\n"
        "على أي رقم نتصل بك؟ ومتى يكون الاتصال آمنًا؟\n"
        "ما الذي يفيدك؟ هل تحتاجه اليوم، هذا الأسبوع، أم لا داعي للعجلة؟\n"
        "إلى أين نأتي؟ هل هناك ما يجب أن نعرفه: درج، كلب، حساسية؟\n"
        "اختر كلمة. من يأتي سيقولها عند بابك."
    ),
    "script.closing": (
        "رقمك عندنا هو {reference}. سنتصل بك قبل أن يأتي أحد.\n"
        "لن يطلب منك أحد منا بطاقة مصرفية أو رقمًا سريًا أو كلمة مرور."
    ),
    "script.no_help": "آسف، هذا ليس مما نقدر عليه. سأعطيك رقم من يستطيع.",
    "consent.help_you": "«هل نحتفظ بهذا على الورق والحاسوب لكي نساعدك؟»",
    "consent.groups_see": "«هل يمكن لمجموعات قريبة أن ترى أن هناك من يحتاج مساعدة، دون اسمك؟»",
    "consent.keep_details": "«هل نحتفظ ببياناتك لتكون المرة القادمة أسرع؟»",
    "consent.details_to_group": (
        "«يمكن لأحد من {group} أن يساعدك. يحتاجون لذلك إلى اسمك الأول وكيف يتصلون بك وما المطلوب، وإلى"
        " عنوانك إن كان أحد"
        " سيأتي. لا يقرؤه إلا من يأتي إليك، وتحذفه {group} بعد أيام قليلة. هل نعطيهم ذلك؟ إن لم ترغب"
        " فسنواصل البحث بأنفسنا.»"
    ),
    "consent.ring": "«هل يمكننا الاتصال بك من حين إلى آخر لنطمئن عليك، وأن نحفظ ما ينتج عن ذلك على الورق والحاسوب؟»",
    "consent.messages": (
        ""
        "يمكنكم أن تكتبوا إليّ من تلقاء أنفسكم بالطريقة التي أختارها: ما يناسبني وما يصير إليه الأمر. ويمكنني إنهاء"
        " ذلك متى شئت."
    ),
    "consent.refer": (
        "«لم نجد أحدًا عندنا. هل نعطي طلبك لمجموعة مجاورة، "
        "مع اسمك وكيف يتصلون بك وعنوانك وما قلته لنا؟ سيتصلون بك"
        " ويبحثون عن شخص يساعدك. إن لم ترغب فسنواصل البحث.»"
    ),
    "volunteer.offered": (
        "«تحتاج {group} إلى مساعدة بالقرب منك. هل نخبرهم أن أحد متطوعينا مستعد للذهاب؟ سيعرفون منذ متى"
        " أنت معنا، وما الفحوص"
        " التي لديك، وأين تسكن تقريبًا، وإلى أي مسافة تذهب، وما الذي تستطيع فعله. لا اسمك.»"
    ),
    "ask.help_you": "يمكنكم الاحتفاظ بهذا لمساعدتي",
    "ask.groups_see": "يمكن لمجموعات قريبة أن ترى أن هناك من يحتاج مساعدة، دون اسمي",
    "ask.keep_details": "يمكنكم الاحتفاظ ببياناتي بعد ذلك، لتكون المرة القادمة أسرع",
    "ask.pass_on": "يمكنكم إعطاء كل هذا إلى {group} ليتصلوا بي ويساعدوني",
    "volunteer.keep_details": "يمكنكم حفظ هذا للاتصال بي بشأن المساعدة",
    "gift.keep_details": "يمكنكم حفظ هذا للاتصال بي بشأن ما أعرضه",
    "triage.urgent": (
        "اليوم: لا طعام لليوم، لا دواء للغد، لا تدفئة في البرد، طفل أو مريض وحده.\n"
        "هذا الأسبوع: يسوء الأمر إن لم يأتِ أحد.\n"
        "لا داعي للعجلة: كل ما عدا ذلك."
    ),
    "triage.decides": "يقرر من يتلقى المكالمة. عند الشك اختر الأكثر إلحاحًا وأخبر المنسّق المناوب.",
    "emergency.words": (
        "ألم في الصدر، ألم في صدره، ألم في صدرها، ألم شديد في الصدر، صدري يؤلمني، صدره يؤلمه، "
        "صدرها يؤلمها، وجع في صدري، جلطة، نوبة قلبية، أزمة قلبية، سكتة قلبية، سكتة دماغية، "
        "لا يستطيع التنفس، لا أستطيع التنفس، لا تستطيع التنفس، لا يتنفس، لا تتنفس، توقف عن التنفس، "
        "توقفت عن التنفس، أختنق، يختنق، تختنق، فاقد الوعي، فاقدة الوعي، فقد الوعي، فقدت الوعي، "
        "غائب عن الوعي، غائبة عن الوعي، مغمى عليه، مغمى عليها، أغمي عليه، أغمي عليها، أغمي علي، لا يستيقظ، "
        "لا تستيقظ، لا يصحو، لا تصحو، لا يفيق، لا تفيق، لا أستطيع إيقاظه، لا أستطيع إيقاظها، "
        "لا نستطيع إيقاظه، لا نستطيع إيقاظها، تشنجات، يتشنج، تتشنج، نوبة صرع، سقط ولا يستطيع النهوض، "
        "سقطت ولا تستطيع النهوض، وقع ولا يستطيع النهوض، وقعت ولا تستطيع النهوض، النهوض عن الأرض، "
        "ملقى على الأرض، ملقاة على الأرض، ينزف، أنزف، تنزف، نزيف، النزيف، مخاض، المخاض، جرعة زائدة، "
        "أخذ حبوبا كثيرة، أخذت حبوبا كثيرة، أخذ حبوب كثيرة، أخذت حبوب كثيرة، تناول حبوبا كثيرة، "
        "تريد الموت، يريد الموت، أريد الموت، ابتلعت حبوبا كثيرة، ابتلع حبوبا كثيرة، "
        "تناولت حبوبا كثيرة، ابتلع كل، ابتلعت كل، تسمم، تسممت، أول أكسيد الكربون، انتحار، الانتحار، "
        "بالانتحار، أنتحر، ينتحر، تنتحر، أقتل نفسي، يقتل نفسه، تقتل نفسها، سأقتل نفسي، سيقتل نفسه، "
        "ستقتل نفسها، قتل نفسه، قتل نفسها، أريد أن أموت، يريد أن يموت، تريد أن تموت، أتمنى الموت، "
        "يتمنى الموت، تتمنى الموت، بدي موت، بدها تموت، بده يموت، عايز أموت، عايزة أموت، عايز يموت، "
        "عايزة تموت، أنهي حياتي، ينهي حياته، تنهي حياتها، إنهاء حياتي، إنهاء حياته، إنهاء حياتها، "
        "أؤذي نفسي، يؤذي نفسه، تؤذي نفسها، إيذاء نفسه، إيذاء نفسها، يجرح نفسه، تجرح نفسها، يضربني، يضربها، "
        "يضربه، يضربهم، يضربنا، تضربني، تضربه، يضربونني، يضربونه، يضربونها، ضربني، ضربها، ضربه، ضربهم، "
        "يضرب زوجته، يضرب أطفاله، يضرب الأطفال، يعنفها، يعنفني، عنف أسري، العنف الأسري، يخنقها، يخنقني، "
        "خنقها، خنقني، اغتصبها، اغتصبني، اغتصاب، طعنه، طعنها، طعنني، سكين، بسكين، بالسكين، مسدس، "
        "تخاف من زوجها، سيقتلني، سيقتلها، سيقتله، سيقتلهم، سيقتلنا، يقتلني، يقتلها، يقتله، بقتلي، بقتلها، "
        "بقتله، بقتلهم، بقتلنا، بالقتل، حريق، النار في، تحترق، يحترق، رائحة غاز، رائحة الغاز، تسرب غاز، "
        "تسرب الغاز، انفجار"
    ),
    "emergency.say": (
        "يبدو هذا خطيرًا. أغلق الخط واتصل الآن برقم الطوارئ: 112 يعمل في بلدان كثيرة.\n"
        "إن لم تستطع فقل لي أين أنت وسأتصل بدلًا منك. أنا معك على الخط."
    ),
    "visit.alone": "أخبر أحدًا إلى أين تذهب ومتى تعود. ابقَ عند الباب إن لم تطمئن. ويمكنك المغادرة دائمًا.",
    "message.ask_volunteer": (
        "مرحبًا {name}، هناك من يحتاج مساعدة في {area}: {kind}، {when}. هل تستطيع؟ أجب هنا: {link} – {group}"
    ),
    "message.ask_organisation": (
        "مرحبًا {name}، هل يمكنكم المساعدة في هذا؟ {kind} في {area}، "
        "{when}. نرجو الاتصال بنا على {phone} وذكر الرقم"
        " {reference}. شكرًا! – {group}"
    ),
    "message.group_chat": "من يستطيع المساعدة؟ {kind} في {area}، {when}. – {group}",
    "message.confirmed": "شكرًا {name}! تأكد موعدك: {kind}، {when}. التفاصيل هنا: {link} – {group}",
    "message.told": "{helper} يأتي {when}. سيقول «{word}» عند الباب.",
    "privacy.why": (
        "نحتفظ بما تخبرنا به لنساعدك فقط. يراه من يأتي إليك، ولا يراه غيره دون أن نسألك. يمكنك أن تراه"
        " أو تصحّحه أو تطلب"
        " حذفه: يكفي أن تخبرنا."
    ),
}
