"""Common names of those who go to school and work in Sweden, by where the family has its roots.

Lists of our own, so that an example has the letters, double names and lengths that real registers have.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Roots:
    """Names that usually go together, and how large a share of the pupils has them."""

    share: float
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    families: tuple[str, ...]
    swedish_is_second_language: float = 0.0


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.replace("_", " ") for name in text.split())


SWEDISH = Roots(
    share=0.66,
    girls=_names(
        "Alice Maja Vera Alma Selma Elsa Lilly Astrid Wilma Freja Olivia Ebba Ines Saga Agnes Signe Alva Stella Clara "
        "Ester Ellen Juni Molly Iris Tyra Lova Edith Nova Elvira Ella Sigrid Julia Isabelle Hedvig Leia Märta Tuva "
        "Liv Linnea Moa Ida Emma Nora Sara Svea Greta Majken Lykke Thea Siri Filippa Ronja Rut Hilma Ingrid Meja "
        "Elin Hanna Matilda Lisa Anna-Karin Eva-Lotta Åsa Klara Amanda"
    ),
    boys=_names(
        "Noah Hugo William Liam Nils Elias Oliver Adam August Sam Arvid Lucas Matteo Ludvig Frans Walter Alfred Otto "
        "Leon Theo Axel Oscar Harry Ebbe Valter Melker Sixten Folke Gustav Viggo Olle Albin Loui Vincent Isak Emil "
        "Malte Love Elliot Alvin Jack Filip Melvin Charlie Henry Edvin Anton Tage Viktor Ivar Josef Wilmer Måns Ture "
        "Milo Erik Jonathan Gabriel Aron Simon Björn Örjan Karl-Johan Sven-Erik Pär"
    ),
    families=_names(
        "Andersson Johansson Karlsson Nilsson Eriksson Larsson Olsson Persson Svensson Gustafsson Pettersson Jonsson "
        "Jansson Hansson Bengtsson Jönsson Lindberg Jakobsson Magnusson Olofsson Lindström Lindqvist Lindgren Berg "
        "Axelsson Bergström Lundberg Lind Lundgren Lundqvist Mattsson Berglund Fredriksson Sandberg Henriksson "
        "Forsberg Sjöberg Wallin Engström Eklund Danielsson Håkansson Lundin Björk Bergman Gunnarsson Wikström Holm "
        "Samuelsson Isaksson Fransson Bergqvist Nyström Holmberg Arvidsson Löfgren Söderberg Nyberg Claesson "
        "Mårtensson Nordström Eliasson Pålsson Viklund Björklund Berggren Sandström Nordin Lund Ström Hermansson "
        "Åberg Ekström Holmgren Hedlund Sundberg Dahlberg Hellström Sjögren Falk Abrahamsson Blom Martinsson Ek "
        "Månsson Öberg Strömberg Åkesson Hansson_Berg Dahl Norberg Norrman Östlund Ahlgren Åström Ekdahl Ågren"
    ),
)

OTHERS = (
    Roots(
        share=0.05,
        girls=_names("Aino Helmi Aada Eevi Kerttu Venla Sanna Kaisa Päivi Tuuli Ilona Marjatta"),
        boys=_names("Eino Väinö Onni Toivo Leevi Antti Jussi Mikko Eetu Pekka Tapio Aleksi"),
        families=_names("Korhonen Virtanen Mäkinen Nieminen Mäkelä Hämäläinen Laine Heikkinen Koskinen Järvinen"),
    ),
    Roots(
        share=0.09,
        girls=_names("Fatima Zeinab Mariam Noor Aya Yasmin Layla Rania Hala Sana Amina Lina Rawan Salma"),
        boys=_names("Mohammed Omar Ali Yousef Ahmad Hassan Ibrahim Karim Bilal Hamza Tarek Anas Khaled Zaid"),
        families=_names("Hassan Al-Khatib Haddad Mansour Saleh Khalil Darwish Nasser Al-Masri Hamdan Youssef Aziz"),
        swedish_is_second_language=0.45,
    ),
    Roots(
        share=0.04,
        girls=_names("Hodan Ifrah Ayaan Sahra Hamdi Nasra Ubah Deqa Sagal Khadra"),
        boys=_names("Abdirahman Liban Mahad Guled Ismail Abdi Warsame Yonis Zakaria Mustafe"),
        families=_names("Abdullahi Warsame Jama Farah Mohamud Osman Hersi Dirie Elmi Aden Nur Abshir"),
        swedish_is_second_language=0.45,
    ),
    Roots(
        share=0.04,
        girls=_names("Amina Lejla Emina Ajla Dženana Selma Jelena Milica Ivana Hana Merjem Tea"),
        boys=_names("Emir Adnan Tarik Haris Luka Marko Nikola Edin Amar Stefan Dino Vedran"),
        families=_names("Hodžić Petrović Jovanović Kovačević Begić Marković Babić Delić Horvat Nikolić Hadžić Ilić"),
        swedish_is_second_language=0.15,
    ),
    Roots(
        share=0.04,
        girls=_names("Parisa Shirin Nazanin Niloufar Mina Roya Setareh Zahra Maryam Tara"),
        boys=_names("Arash Kian Dariush Navid Reza Amir Milad Farhad Sina Omid"),
        families=_names("Ahmadi Hosseini Karimi Rezai Mohammadi Rahimi Moradi Jafari Ebrahimi Noori"),
        swedish_is_second_language=0.35,
    ),
    Roots(
        share=0.03,
        girls=_names("Rojin Berfin Dilan Zerîn Evîn Helin Şilan Nergiz Elif Zeynep"),
        boys=_names("Azad Baran Serhat Rojhat Welat Siyar Mehmet Emre Deniz Can"),
        families=_names("Aslan Demir Yılmaz Kaya Çelik Öztürk Barzani Amedi Şahin Doğan Polat Akgül"),
        swedish_is_second_language=0.3,
    ),
    Roots(
        share=0.025,
        girls=_names("Zofia Zuzanna Julia Hanna Maja Oliwia Agnieszka Kasia Oksana Daria"),
        boys=_names("Jakub Szymon Jan Antoni Filip Wojciech Piotr Tomasz Andrij Maksym"),
        families=_names("Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński Szymański Kovalenko Shevchuk"),
        swedish_is_second_language=0.3,
    ),
    Roots(
        share=0.015,
        girls=_names("Selam Semhar Rahwa Winta Luwam Bethlehem Eden Feven"),
        boys=_names("Filmon Natnael Yonatan Robel Amanuel Simon Henok Biniam"),
        families=_names("Tesfay Haile Gebremedhin Berhane Kidane Mehari Woldu Tekle Habte Abraha"),
        swedish_is_second_language=0.45,
    ),
    Roots(
        share=0.01,
        girls=_names("Valentina Camila Lucía Sofía Isabella Ximena Martina Daniela"),
        boys=_names("Mateo Santiago Diego Joaquín Sebastián Tomás Nicolás Rafael"),
        families=_names("González Muñoz Rojas Díaz Pérez Soto Contreras Silva García Fernández"),
        swedish_is_second_language=0.2,
    ),
)

SAMI = Roots(
    share=1.0,
    girls=_names("Elle Máret Sárá Biret Inga Ánná Risten Láilá Sunná Ristin"),
    boys=_names("Nils-Henrik Áilu Jovnna Mihkkal Ánte Issát Per-Ola Lásse Niillas Heaika"),
    families=_names("Blind Labba Utsi Kuhmunen Sarri Länta Partapuoli Valkeapää Svonni Omma Baer Marainen"),
)
