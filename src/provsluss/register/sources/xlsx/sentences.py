"""Why a file is refused as a whole, for the user: what is wrong, and what to do."""

_SAVE_AS = "Öppna den i Excel och spara den som Excel-arbetsbok (.xlsx)"

EMPTY = "Filen är tom."
NOT_A_WORKBOOK = f"Filen är inte en Excel-arbetsbok (.xlsx). {_SAVE_AS}, eller välj en annan fil."
DAMAGED = f"Filen är skadad och går inte att läsa. {_SAVE_AS} och försök igen."
ENCRYPTED = "Filen är skyddad med lösenord. Ta bort lösenordet i Excel (Arkiv, Info, Skydda arbetsboken) och spara om."
OLD_EXCEL = f"Filen är i det gamla Excelformatet .xls. {_SAVE_AS}."
BINARY_EXCEL = f"Filen är en binär Excel-arbetsbok (.xlsb). {_SAVE_AS}."
TOO_LARGE = (
    "Filen är mycket större än den ser ut att vara när den packas upp, så den läses inte. "
    "Spara om den i Excel utan annat innehåll än Skolverkets blad och försök igen."
)
TOO_SPREAD = (
    "Ett blad i filen har celler så långt ner eller ut åt höger att det inte går att läsa. "
    "Ta bort de tomma raderna och kolumnerna efter uppgifterna, spara och försök igen."
)
TOO_MANY_MERGED = (
    "Ett blad i filen har tusentals sammanfogade celler, så det går inte att se vad som hör till vilken rad. "
    "Dela upp dem i Excel (Start, Centrera över kolumner, Dela celler), skriv värdet på varje rad och försök igen."
)
TOO_MUCH_TEXT = (
    "Cellerna i filen innehåller mer text än som går att läsa. "
    "Leta efter en lång text som står i många celler, ta bort den, spara och försök igen."
)
HARMFUL = (
    "Filen tog för mycket minne eller tid att läsa, så läsningen stoppades. Just den här filen läses inte igen. "
    "Öppna den i Excel, ta bort allt utom Skolverkets blad, spara den som en ny Excel-arbetsbok (.xlsx) "
    "och ladda upp den."
)
CANNOT_READ_NOW = (
    "Filen kunde inte läsas just nu. Kanske räckte inte minnet eller disken till där Provsluss körs. "
    "Ladda upp filen igen om en stund. Hjälper det inte, be den som sköter Provsluss att titta på servern."
)
