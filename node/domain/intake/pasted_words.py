"""How people call kinds of help in a chat, beside the names and aliases that all groups share: Spanish and Arabic."""

from collections.abc import Mapping
from typing import Final

CHAT: Final[Mapping[str, tuple[str, ...]]] = {
    "groceries": ("compra", "compras", "supermercado", "mercado", "mandado", "mandados", "بقالة", "سوبرماركت", "أغراض",
                  "مقاضي", "خضار"),
    "food_parcel": ("alimentos", "despensa", "comida", "طعام", "أكل"),
    "cooked_meal": ("comida caliente", "comida hecha", "plato caliente", "وجبة", "وجبة ساخنة", "أكل مطبوخ"),
    "clothing": ("ropa", "abrigo", "abrigos", "zapatos", "ropa de abrigo", "ثياب", "أحذية", "معطف"),
    "furniture": ("muebles", "cama", "colchones", "mantas", "سرير", "فرشة", "بطانية"),
    "laundry": ("lavar ropa", "lavadora", "colada", "غسالة"),
    "hygiene": ("jabón", "champú", "compresas", "صابون", "شامبو"),
    "heating": ("estufa", "mazout", "مازوت", "مدفأة"),
    "lift": ("llevarme", "que me lleven", "transporte", "en coche", "توصيلة", "يوصلني", "مشوار"),
    "delivery": ("recoger paquete", "paquete", "entregar", "طرد"),
    "moving": ("mudanza", "cargar", "نقل عفش", "نقل أغراض"),
    "medical_lift": ("al médico", "al hospital", "cita en hospital", "إلى المستشفى", "إلى الطبيب", "للدكتور", "مستشفى"),
    "accompany": ("acompañar", "acompañarme", "que me acompañen", "يرافقني", "مرافق"),
    "repairs": ("arreglar", "reparar", "grifo", "bombilla", "إصلاح", "حنفية"),
    "gardening": ("césped", "nieve", "عشب"),
    "cleaning": ("limpiar", "limpieza", "ordenar", "تنضيف"),
    "childcare": ("cuidar niños", "cuidar hijos", "canguro", "حضانة أطفال", "جليسة"),
    "baby_supplies": ("panales", "pañal", "biberón", "leche infantil", "حفاضات أطفال", "حليب", "رضيع"),
    "school_run": ("al colegio", "al cole", "إلى المدرسة", "للمدرسة"),
    "learning": ("deberes", "clases particulares", "tareas escolares", "واجبات"),
    "dog_walking": ("pasear perro", "sacar perro", "perro", "كلب", "الكلب"),
    "pet_care": ("cuidar gato", "cuidar perro", "قطة"),
    "phone_call": ("que me llamen", "alguien con quien hablar", "يتصل بي"),
    "visit": ("visita", "un paseo", "زيارة"),
    "tech_help": ("ordenador", "móvil", "internet", "wifi", "هاتف", "كمبيوتر", "واي فاي"),
    "translation": ("traducir", "traductor", "traductora", "ترجمة", "مترجمة"),
    "forms": ("papeles", "formulario", "rellenar", "solicitud", "استمارة", "نموذج"),
    "money": ("dinero", "alquiler", "factura", "facturas", "luz", "نقود", "فلوس", "إيجار البيت"),
    "work": ("trabajo", "empleo", "شغل"),
    "housing": ("piso", "vivienda", "donde dormir", "sitio para dormir", "بيت", "غرفة"),
    "medication": ("medicina", "medicinas", "medicamentos", "farmacia", "receta", "دواء", "دوا", "روشتة"),
}  # fmt: skip
"""Code -> words. A word stands for one kind only; a person says yes to it, or takes it away."""
