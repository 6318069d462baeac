<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Compare</name>
    <message>
        <source>below 1 %</source>
        <translation>unter 1 %</translation>
    </message>
    <message>
        <source>above 99 %</source>
        <translation>über 99 %</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 million inferences</source>
        <translation>%1 Millionen Inferenzen</translation>
    </message>
    <message>
        <source>%1 inferences</source>
        <translation>%1 Inferenzen</translation>
    </message>
    <message>
        <source>P(%1 is more accurate than %2): %3</source>
        <translation>P(%1 ist genauer als %2): %3</translation>
    </message>
    <message>
        <source>From the predictor&apos;s 90 % intervals, errors taken as normal and independent. Both come from one predictor, so that is an approximation.</source>
        <translation>Aus den 90-%-Intervallen der Vorhersage, die Fehler als normalverteilt und unabhängig angenommen. Beide stammen aus einer Vorhersage, also ist das eine Näherung.</translation>
    </message>
    <message>
        <source>Emissions of %1 are not known: %2.</source>
        <translation>Die Emissionen von %1 sind nicht bekannt: %2.</translation>
    </message>
    <message>
        <source>%1 and %2 have emitted the same after %3 (%4 % of the life assumed): until then %2 has emitted less, from then on %1.</source>
        <translation>%1 und %2 haben nach %3 gleich viel ausgestoßen (%4 % der angenommenen Lebensdauer): bis dahin %2 weniger, von da an %1.</translation>
    </message>
    <message>
        <source>%1 emits less than %2 from the first inference on: %3 less over the life assumed (%4).</source>
        <translation>%1 stößt von der ersten Inferenz an weniger aus als %2: %3 weniger über die angenommene Lebensdauer (%4).</translation>
    </message>
    <message>
        <source>%1 and %2 emit the same.</source>
        <translation>%1 und %2 stoßen gleich viel aus.</translation>
    </message>
</context>
<context>
    <name>Device</name>
    <message>
        <source>extrapolated: ±%1 %</source>
        <translation>extrapoliert: ±%1 %</translation>
    </message>
    <message>
        <source>90 % within ±%1 %</source>
        <translation>90 % innerhalb ±%1 %</translation>
    </message>
    <message>
        <source>off by %1 % on average</source>
        <translation>im Mittel %1 % daneben</translation>
    </message>
    <message>
        <source>Kendall&apos;s τ %1</source>
        <translation>Kendalls τ %1</translation>
    </message>
    <message>
        <source>batch %1</source>
        <translation>Batch %1</translation>
    </message>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>%n Thread</numerusform>
            <numerusform>%n Threads</numerusform>
        </translation>
    </message>
    <message>
        <source>in the bundle</source>
        <translation>im Bündel</translation>
    </message>
    <message>
        <source>catalogue</source>
        <translation>Katalog</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>importiert</translation>
    </message>
    <message>
        <source>error not measured</source>
        <translation>Fehler nicht gemessen</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>Source: %1</source>
        <translation>Quelle: %1</translation>
    </message>
    <message>
        <source>Licence: %1</source>
        <translation>Lizenz: %1</translation>
    </message>
    <message>
        <source>Conditions: %1</source>
        <translation>Bedingungen: %1</translation>
    </message>
    <message>
        <source>Resolutions: %1</source>
        <translation>Auflösungen: %1</translation>
    </message>
    <message>
        <source>Error: %1 (%2)</source>
        <translation>Fehler: %1 (%2)</translation>
    </message>
    <message>
        <source>Error: not measured</source>
        <translation>Fehler: nicht gemessen</translation>
    </message>
    <message>
        <source>Error at %1–%2: %3 (%4)</source>
        <translation>Fehler bei %1–%2: %3 (%4)</translation>
    </message>
    <message>
        <source>error not measured on this device</source>
        <translation>Fehler auf diesem Gerät nicht gemessen</translation>
    </message>
    <message>
        <source>extrapolated: nothing like it was measured on this device</source>
        <translation>extrapoliert: nichts Ähnliches wurde auf diesem Gerät gemessen</translation>
    </message>
    <message>
        <source>ranking weak on this device: Kendall&apos;s τ %1 on nets left out</source>
        <translation>Rangfolge auf diesem Gerät schwach: Kendalls τ %1 an zurückgehaltenen Netzen</translation>
    </message>
</context>
<context>
    <name>Export</name>
    <message>
        <source>%1 could not be renamed to %2.</source>
        <translation>%1 ließ sich nicht in %2 umbenennen.</translation>
    </message>
    <message>
        <source>What was there is in %1.</source>
        <translation>Was dort war, ist in %1.</translation>
    </message>
</context>
<context>
    <name>Filter</name>
    <message>
        <source>a condition is missing, such as lat&lt;20</source>
        <translation>es fehlt eine Bedingung wie lat&lt;20</translation>
    </message>
    <message>
        <source>“%1” is not a condition, such as lat&lt;20</source>
        <translation>„%1“ ist keine Bedingung wie lat&lt;20</translation>
    </message>
    <message>
        <source>“%1” is not known; known are %2</source>
        <translation>„%1“ ist nicht bekannt; bekannt sind %2</translation>
    </message>
    <message>
        <source>“%1” is not a number here</source>
        <translation>„%1“ ist hier keine Zahl</translation>
    </message>
</context>
<context>
    <name>Metric</name>
    <message>
        <source>Top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>Latenz</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Energie</translation>
    </message>
    <message>
        <source>Emissions</source>
        <translation>Emissionen</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>Gewichte</translation>
    </message>
    <message>
        <source>Peak memory</source>
        <translation>Spitzenspeicher</translation>
    </message>
</context>
<context>
    <name>Picture</name>
    <message>
        <source>Pictures (*.png)</source>
        <translation>Bilder (*.png)</translation>
    </message>
    <message>
        <source>Documents (*.pdf)</source>
        <translation>Dokumente (*.pdf)</translation>
    </message>
    <message>
        <source>Vector pictures (*.svg)</source>
        <translation>Vektorbilder (*.svg)</translation>
    </message>
    <message>
        <source>The picture was not saved: the name must end in %1.</source>
        <translation>Das Bild wurde nicht gespeichert: Der Name muss auf %1 enden.</translation>
    </message>
    <message>
        <source>The picture was not saved: %1. Save it at another place.</source>
        <translation>Das Bild wurde nicht gespeichert: %1. Speichern Sie es an einem anderen Ort.</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>light, dark or system</source>
        <translation>light, dark oder system</translation>
    </message>
    <message>
        <source>A bundle: folder, zip, or the id of a shipped one</source>
        <translation>Ein Bündel: Ordner, Zip-Datei oder die Kennung eines mitgelieferten</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::AboutDialog</name>
    <message>
        <source>Explorer of the accuracy, latency and carbon trade-off of once-for-all networks.</source>
        <translation>Erkundet, wie Genauigkeit, Latenz und CO₂-Ausstoß von Once-for-all-Netzen gegeneinander abzuwägen sind.</translation>
    </message>
    <message>
        <source>© 2026 The Paretoscope authors. Free software under the GNU General Public License, version 3 or later (GPL-3.0-or-later), without any warranty: see &lt;a href=&quot;%1&quot;&gt;%1&lt;/a&gt;.</source>
        <translation>© 2026 The Paretoscope authors. Freie Software unter der GNU General Public License, Version 3 oder später (GPL-3.0-or-later), ohne jede Gewährleistung: siehe &lt;a href=&quot;%1&quot;&gt;%1&lt;/a&gt;.</translation>
    </message>
    <message>
        <source>The open bundle: %1</source>
        <translation>Das geöffnete Bündel: %1</translation>
    </message>
    <message>
        <source>It does not say under which licences its data are.</source>
        <translation>Es nennt die Lizenzen seiner Daten nicht.</translation>
    </message>
    <message>
        <source>Latencies of %1: %2 (%3)</source>
        <translation>Latenzen von %1: %2 (%3)</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <source>Qt %1 and QCustomPlot %2 are in use.</source>
        <translation>Verwendet werden Qt %1 und QCustomPlot %2.</translation>
    </message>
    <message>
        <source>Facts of grids, hardware and models</source>
        <translation>Daten zu Stromnetzen, Hardware und Modellen</translation>
    </message>
    <message>
        <source>Search spaces and formats follow Cai et al., “Once-for-All: Train One Network and Specialize It for Efficient Deployment”, ICLR 2020. The file NOTICE names all sources.</source>
        <translation>Suchräume und Formate folgen Cai et al., „Once-for-All: Train One Network and Specialize It for Efficient Deployment“, ICLR 2020. Die Datei NOTICE nennt alle Quellen.</translation>
    </message>
    <message>
        <source>About Paretoscope</source>
        <translation>Über Paretoscope</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ArchitectureStrip</name>
    <message>
        <source>kernel %1, expansion %2</source>
        <translation>Kern %1, Expansion %2</translation>
    </message>
    <message>
        <source>stage %1: %2</source>
        <translation>Stufe %1: %2</translation>
    </message>
    <message>
        <source>resolution %1
%2</source>
        <translation>Auflösung %1
%2</translation>
    </message>
    <message>
        <source>stage %1</source>
        <translation>Stufe %1</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ArchitectureView</name>
    <message>
        <source>block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>kernel</source>
        <translation>Kern</translation>
    </message>
    <message>
        <source>expansion</source>
        <translation>Expansion</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MACs</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Blocks of the subnet</source>
        <translation>Blöcke des Subnetzes</translation>
    </message>
    <message>
        <source>No subnet is selected or suggested.</source>
        <translation>Kein Subnetz ist ausgewählt oder vorgeschlagen.</translation>
    </message>
    <message>
        <source>Selected subnet, resolution %1</source>
        <translation>Ausgewähltes Subnetz, Auflösung %1</translation>
    </message>
    <message>
        <source>Suggested subnet, resolution %1</source>
        <translation>Vorgeschlagenes Subnetz, Auflösung %1</translation>
    </message>
    <message>
        <source>stage %1 · %2</source>
        <translation>Stufe %1 · %2</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>mid</source>
        <translation>innen</translation>
    </message>
    <message>
        <source>out</source>
        <translation>außen</translation>
    </message>
    <message>
        <source>map, px</source>
        <translation>Karte, px</translation>
    </message>
    <message>
        <source>share</source>
        <translation>Anteil</translation>
    </message>
    <message>
        <source>Channels after the expansion</source>
        <translation>Kanäle nach der Expansion</translation>
    </message>
    <message>
        <source>Channels that leave the block</source>
        <translation>Kanäle, die den Block verlassen</translation>
    </message>
    <message>
        <source>Height and width of the feature map, before and after</source>
        <translation>Höhe und Breite der Merkmalskarte, vorher und nachher</translation>
    </message>
    <message>
        <source>Of the MACs of the whole subnet</source>
        <translation>Von den MACs des ganzen Subnetzes</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::AxesBar</name>
    <message>
        <source>Axis %1</source>
        <translation>Achse %1</translation>
    </message>
    <message>
        <source>One colour</source>
        <translation>Eine Farbe</translation>
    </message>
    <message>
        <source>Colour by %1</source>
        <translation>Farbe nach %1</translation>
    </message>
    <message>
        <source>Logarithmic axis</source>
        <translation>Logarithmische Achse</translation>
    </message>
    <message>
        <source>Linear axis</source>
        <translation>Lineare Achse</translation>
    </message>
    <message>
        <source>log</source>
        <translation>log</translation>
    </message>
    <message>
        <source>Equal ratios are equally wide along the horizontal axis</source>
        <translation>Gleiche Verhältnisse sind auf der waagerechten Achse gleich breit</translation>
    </message>
    <message>
        <source>Logarithmic horizontal axis</source>
        <translation>Logarithmische waagerechte Achse</translation>
    </message>
    <message>
        <source>Horizontal axis</source>
        <translation>Waagerechte Achse</translation>
    </message>
    <message>
        <source>Vertical axis</source>
        <translation>Senkrechte Achse</translation>
    </message>
    <message>
        <source>Colour of the sampled subnets</source>
        <translation>Farbe der gezogenen Subnetze</translation>
    </message>
    <message>
        <source>What the colour of the sampled subnets stands for</source>
        <translation>Wofür die Farbe der gezogenen Subnetze steht</translation>
    </message>
    <message>
        <source>Colour  –</source>
        <translation>Farbe  –</translation>
    </message>
    <message>
        <source>Y  %1</source>
        <translation>Y  %1</translation>
    </message>
    <message>
        <source>Colour  %1</source>
        <translation>Farbe  %1</translation>
    </message>
    <message>
        <source>X  %1</source>
        <translation>X  %1</translation>
    </message>
    <message>
        <source>exact for this model · %1 subnets</source>
        <translation>exakt für dieses Modell · %1 Subnetze</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::Banner</name>
    <message>
        <source>Search again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Relax to feasible</source>
        <translation>Bis zulässig lockern</translation>
    </message>
    <message>
        <source>Changes one limit by the least that makes some subnet satisfy all of them</source>
        <translation>Ändert eine Grenze gerade so weit, dass ein Subnetz alle einhält</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>What happened, what it means, and what to do</source>
        <translation>Was geschehen ist, was es bedeutet und was zu tun ist</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>As text, with version, bundle and question, to send to somebody who can help</source>
        <translation>Als Text mit Version, Bündel und Frage, um ihn jemandem zu schicken, der helfen kann</translation>
    </message>
    <message>
        <source>&lt;b&gt;Device changed&lt;/b&gt; – results are from %1.</source>
        <translation>&lt;b&gt;Anderes Gerät&lt;/b&gt; – die Ergebnisse sind noch von %1.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Grid changed&lt;/b&gt; – results are for %1.</source>
        <translation>&lt;b&gt;Anderes Stromnetz&lt;/b&gt; – die Ergebnisse gelten noch für %1.</translation>
    </message>
    <message>
        <source>&lt;b&gt;The question changed&lt;/b&gt; – results are those of the last one.</source>
        <translation>&lt;b&gt;Andere Frage&lt;/b&gt; – die Ergebnisse gehören noch zur vorigen.</translation>
    </message>
    <message>
        <source>&lt;b&gt;No subnet satisfies all limits.&lt;/b&gt;</source>
        <translation>&lt;b&gt;Kein Subnetz hält alle Grenzen ein.&lt;/b&gt;</translation>
    </message>
    <message>
        <source>%1 of %2 instead of %3 would do.</source>
        <translation>%1 von %2 statt %3 würde genügen.</translation>
    </message>
    <message>
        <source>&lt;b&gt;That did not work.&lt;/b&gt; %1 What is shown is the last good answer.</source>
        <translation>&lt;b&gt;Das ging nicht.&lt;/b&gt; %1 Gezeigt wird die letzte gute Antwort.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::CarbonPanel</name>
    <message>
        <source>Change %1</source>
        <translation>%1 ändern</translation>
    </message>
    <message>
        <source>Carbon</source>
        <translation>CO₂</translation>
    </message>
    <message>
        <source>Grid</source>
        <translation>Stromnetz</translation>
    </message>
    <message>
        <source>Electricity grid</source>
        <translation>Stromnetz</translation>
    </message>
    <message>
        <source>A country, a cloud region, or g CO₂e per kWh</source>
        <translation>Ein Land, eine Cloud-Region oder g CO₂e je kWh</translation>
    </message>
    <message>
        <source>PUE</source>
        <translation>PUE</translation>
    </message>
    <message>
        <source>Inferences a day</source>
        <translation>Inferenzen am Tag</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Life (years)</source>
        <translation>Lebensdauer (Jahre)</translation>
    </message>
    <message>
        <source>Training shared by</source>
        <translation>Training geteilt durch</translation>
    </message>
    <message>
        <source>Embodied (kg each)</source>
        <translation>Herstellung (kg je Gerät)</translation>
    </message>
    <message>
        <source>Power usage effectiveness, of devices in a data centre</source>
        <translation>Power Usage Effectiveness, bei Geräten in einem Rechenzentrum</translation>
    </message>
    <message>
        <source>Of each device</source>
        <translation>Je Gerät</translation>
    </message>
    <message>
        <source>On which the subnet runs</source>
        <translation>Auf denen das Subnetz läuft</translation>
    </message>
    <message>
        <source>How long they are in use</source>
        <translation>Wie lange sie genutzt werden</translation>
    </message>
    <message>
        <source>How many nets, cut out of the same supernet, share what its training emitted</source>
        <translation>Wie viele Netze aus demselben Supernetz sich teilen, was dessen Training ausgestoßen hat</translation>
    </message>
    <message>
        <source>Carbon of making one device, 0 to leave it out</source>
        <translation>CO₂e aus der Herstellung eines Geräts; 0 lässt es weg</translation>
    </message>
    <message>
        <source>%1 g CO₂e/kWh</source>
        <translation>%1 g CO₂e/kWh</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::CliProcess</name>
    <message>
        <source>%1 could not be started.</source>
        <translation>%1 ließ sich nicht starten.</translation>
    </message>
    <message>
        <source>It may be damaged, or made for another computer.</source>
        <translation>Es könnte beschädigt oder für einen anderen Rechner gemacht sein.</translation>
    </message>
    <message>
        <source>Install the program again.</source>
        <translation>Installieren Sie das Programm neu.</translation>
    </message>
    <message>
        <source>The program %1 was not found.</source>
        <translation>Das Programm %1 wurde nicht gefunden.</translation>
    </message>
    <message>
        <source>It does all that runs nets; the window alone cannot.</source>
        <translation>Es tut alles, wofür Netze laufen müssen; das Fenster allein kann das nicht.</translation>
    </message>
    <message>
        <source>Install it beside this program or in PATH, or name it in the environment variable PARETOSCOPE_CLI.</source>
        <translation>Installieren Sie es neben diesem Programm oder in PATH, oder nennen Sie es in der Umgebungsvariablen PARETOSCOPE_CLI.</translation>
    </message>
    <message>
        <source>Close other programs and try again.</source>
        <translation>Schließen Sie andere Programme und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>%1 was ended from outside.</source>
        <translation>%1 wurde von außen beendet.</translation>
    </message>
    <message>
        <source>The system does so where memory runs out; somebody else may have done it, too.</source>
        <translation>Das tut das System, wenn der Speicher ausgeht; es kann auch jemand anders gewesen sein.</translation>
    </message>
    <message>
        <source>%1 has crashed (signal %2).</source>
        <translation>%1 ist abgestürzt (Signal %2).</translation>
    </message>
    <message>
        <source>That is a fault of the program; what is open in this window is not touched.</source>
        <translation>Das ist ein Fehler des Programms; was in diesem Fenster offen ist, bleibt unberührt.</translation>
    </message>
    <message>
        <source>Try again; where it happens twice, report it with what it has said.</source>
        <translation>Versuchen Sie es erneut; geschieht es wieder, melden Sie es mit dem, was es gesagt hat.</translation>
    </message>
    <message>
        <source>%1 was interrupted from outside.</source>
        <translation>%1 wurde von außen unterbrochen.</translation>
    </message>
    <message>
        <source>Somebody has ended it, or the session ends.</source>
        <translation>Jemand hat es beendet, oder die Sitzung endet.</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>%1 ended with code %2 and said nothing.</source>
        <translation>%1 endete mit dem Code %2 und sagte nichts.</translation>
    </message>
    <message>
        <source>%1 does not know what this window asks for: they are of different versions.</source>
        <translation>%1 kennt nicht, was dieses Fenster verlangt: Die beiden haben verschiedene Versionen.</translation>
    </message>
    <message>
        <source>Install both from the same package.</source>
        <translation>Installieren Sie beide aus demselben Paket.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Der Datenträger ist voll.</translation>
    </message>
    <message>
        <source>Free some space, or choose a folder on another disk.</source>
        <translation>Schaffen Sie Platz, oder wählen Sie einen Ordner auf einem anderen Datenträger.</translation>
    </message>
    <message>
        <source>This place is closed to you.</source>
        <translation>Dieser Ort ist Ihnen verschlossen.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The computer has not enough memory left.</source>
        <translation>Der Rechner hat nicht mehr genug Speicher.</translation>
    </message>
    <message>
        <source>Change what it names and try again.</source>
        <translation>Ändern Sie, was genannt ist, und versuchen Sie es erneut.</translation>
    </message>
    <message>
        <source>Allowed: %1.</source>
        <translation>Erlaubt: %1.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::CompareDialog</name>
    <message>
        <source>Compare pinned subnets</source>
        <translation>Angeheftete Subnetze vergleichen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Figures of the pinned subnets</source>
        <translation>Zahlen der angehefteten Subnetze</translation>
    </message>
    <message>
        <source>%1 · resolution %2</source>
        <translation>%1 · Auflösung %2</translation>
    </message>
    <message>
        <source>Copy as table</source>
        <translation>Als Tabelle kopieren</translation>
    </message>
    <message>
        <source>Numbers between tabs, for spreadsheets and programs (Ctrl+C)</source>
        <translation>Zahlen zwischen Tabulatoren, für Tabellenkalkulationen und Programme (Strg+C)</translation>
    </message>
    <message>
        <source>Copy as Markdown</source>
        <translation>Als Markdown kopieren</translation>
    </message>
    <message>
        <source>As it is on the screen, for texts (Ctrl+Shift+C)</source>
        <translation>So, wie es auf dem Bildschirm steht, für Texte (Strg+Umschalt+C)</translation>
    </message>
    <message>
        <source>What the figures mean</source>
        <translation>Was die Zahlen bedeuten</translation>
    </message>
    <message>
        <source>Pin two to four subnets to compare them.</source>
        <translation>Heften Sie zwei bis vier Subnetze an, um sie zu vergleichen.</translation>
    </message>
    <message>
        <source>▲ best, △ best but within what the predictor can tell. Differences are to %1.</source>
        <translation>▲ am besten, △ am besten, aber innerhalb dessen, was die Vorhersage unterscheiden kann. Unterschiede gegenüber %1.</translation>
    </message>
    <message>
        <source>Shown are the first %1 of %2 pins.</source>
        <translation>Gezeigt werden die ersten %1 von %2 angehefteten.</translation>
    </message>
    <message>
        <source>Emissions are not known: %1</source>
        <translation>Die Emissionen sind nicht bekannt: %1</translation>
    </message>
    <message>
        <source>Emissions are being computed …</source>
        <translation>Die Emissionen werden berechnet …</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::CompareModel</name>
    <message>
        <source>CO₂e over the life</source>
        <translation>CO₂e über die Lebensdauer</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 auf %2</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 Punkte</translation>
    </message>
    <message>
        <source>Nothing is known of it at this resolution</source>
        <translation>Bei dieser Auflösung ist nichts darüber bekannt</translation>
    </message>
    <message>
        <source>best: %1</source>
        <translation>am besten: %1</translation>
    </message>
    <message>
        <source>best, but not surely: %1</source>
        <translation>am besten, aber nicht sicher: %1</translation>
    </message>
    <message>
        <source>Figure</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Pin %1, resolution %2</source>
        <translation>%1 (angeheftet), Auflösung %2</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::DeviceImporter</name>
    <message>
        <source>%1 was not imported</source>
        <translation>%1 wurde nicht importiert</translation>
    </message>
    <message>
        <source>The devices are as they were.</source>
        <translation>Die Geräte sind, wie sie waren.</translation>
    </message>
    <message>
        <source>The file could not be read. %1</source>
        <translation>Die Datei ließ sich nicht lesen. %1</translation>
    </message>
    <message>
        <source>See that it is there and that you may read it.</source>
        <translation>Prüfen Sie, dass sie da ist und Sie sie lesen dürfen.</translation>
    </message>
    <message>
        <source>It does not say what is needed for nets of this bundle: it is for another space, or a part of it is missing. %1</source>
        <translation>Sie sagt nicht, was für Netze dieses Bündels nötig ist: Sie gehört zu einem anderen Suchraum, oder ein Teil fehlt. %1</translation>
    </message>
    <message>
        <source>Open the bundle of the space that it was measured for, or get the whole of it.</source>
        <translation>Öffnen Sie das Bündel des Suchraums, für den gemessen wurde, oder besorgen Sie die vollständige Datei.</translation>
    </message>
    <message>
        <source>It is no latency table, device file or list of measured nets, or it is damaged. %1</source>
        <translation>Sie ist weder Latenztabelle noch Gerätedatei noch Liste gemessener Netze, oder sie ist beschädigt. %1</translation>
    </message>
    <message>
        <source>Choose a table of block latencies (YAML or JSON), a device file (JSON) or measured nets (CSV with ks, e, d, r, latency_ms).</source>
        <translation>Wählen Sie eine Tabelle von Blocklatenzen (YAML oder JSON), eine Gerätedatei (JSON) oder gemessene Netze (CSV mit ks, e, d, r, latency_ms).</translation>
    </message>
    <message>
        <source>It is something else: %1. %2</source>
        <translation>Sie ist etwas anderes: %1. %2</translation>
    </message>
    <message>
        <source>Make room on the disk, and see that you may write to %1.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger, und prüfen Sie, dass Sie in %1 schreiben dürfen.</translation>
    </message>
    <message>
        <source>%1 could not be kept</source>
        <translation>%1 ließ sich nicht behalten</translation>
    </message>
    <message>
        <source>The device could not be removed</source>
        <translation>Das Gerät ließ sich nicht entfernen</translation>
    </message>
    <message>
        <source>The device could not be put back</source>
        <translation>Das Gerät ließ sich nicht wiederherstellen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::DeviceModel</name>
    <message>
        <source>It has no resolution in common with the predictor and the devices that are compared with.</source>
        <translation>Es hat keine Auflösung mit der Vorhersage und den verglichenen Geräten gemeinsam.</translation>
    </message>
    <message>
        <source>It is the target; choose another target first.</source>
        <translation>Es ist das Ziel; wählen Sie zuerst ein anderes Ziel.</translation>
    </message>
    <message>
        <source>Choose a target first.</source>
        <translation>Wählen Sie zuerst ein Ziel.</translation>
    </message>
    <message>
        <source>At most %1 devices at once; leave one out first.</source>
        <translation>Höchstens %1 Geräte zugleich; lassen Sie zuerst eines weg.</translation>
    </message>
    <message>
        <source>It has no resolution in common with the predictor and the devices that are chosen.</source>
        <translation>Es hat keine Auflösung mit der Vorhersage und den gewählten Geräten gemeinsam.</translation>
    </message>
    <message>
        <source>limits the search to resolutions %1</source>
        <translation>beschränkt die Suche auf die Auflösungen %1</translation>
    </message>
    <message>
        <source>target</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>not the target</source>
        <translation>nicht das Ziel</translation>
    </message>
    <message>
        <source>compared with</source>
        <translation>wird verglichen</translation>
    </message>
    <message>
        <source>not compared with</source>
        <translation>wird nicht verglichen</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Beside it</source>
        <translation>Daneben</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>What is searched for</source>
        <translation>Wofür gesucht wird</translation>
    </message>
    <message>
        <source>Whose figures are shown, too</source>
        <translation>Wessen Zahlen auch gezeigt werden</translation>
    </message>
    <message>
        <source>Name, and how far its latencies are off</source>
        <translation>Name, und wie weit seine Latenzen danebenliegen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::DevicePicker</name>
    <message>
        <source>An imported device cannot be read</source>
        <translation>Ein importiertes Gerät lässt sich nicht lesen</translation>
    </message>
    <message>
        <source>It is left out of the list.</source>
        <translation>Es fehlt in der Liste.</translation>
    </message>
    <message>
        <source>Import it again, or take the file away.</source>
        <translation>Importieren Sie es erneut, oder entfernen Sie die Datei.</translation>
    </message>
    <message>
        <source>%1 was removed.</source>
        <translation>%1 wurde entfernt.</translation>
    </message>
    <message>
        <source>No device</source>
        <translation>Kein Gerät</translation>
    </message>
    <message>
        <source>%1 + %2</source>
        <comment>a device, and how many are compared with</comment>
        <translation>%1 + %2</translation>
    </message>
    <message>
        <source>Target device: %1</source>
        <translation>Zielgerät: %1</translation>
    </message>
    <message>
        <source>Target device: %1; beside it: %2</source>
        <translation>Zielgerät: %1; daneben: %2</translation>
    </message>
    <message>
        <source>Device %1</source>
        <translation>Gerät %1</translation>
    </message>
    <message>
        <source>Compare with %1</source>
        <translation>Mit %1 vergleichen</translation>
    </message>
    <message>
        <source>Leave out %1</source>
        <translation>%1 weglassen</translation>
    </message>
    <message>
        <source>Import a device</source>
        <translation>Ein Gerät importieren</translation>
    </message>
    <message>
        <source>Latency tables, device files, measured nets (%1)</source>
        <translation>Latenztabellen, Gerätedateien, gemessene Netze (%1)</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::DevicePopup</name>
    <message>
        <source>Search devices</source>
        <translation>Geräte suchen</translation>
    </message>
    <message>
        <source>Devices</source>
        <translation>Geräte</translation>
    </message>
    <message>
        <source>Enter: target · Space: show its figures beside those of the target (up to %1 devices in all)</source>
        <translation>Eingabe: Ziel · Leertaste: seine Zahlen neben denen des Ziels zeigen (bis zu %1 Geräte insgesamt)</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Import a table…</source>
        <translation>Tabelle importieren …</translation>
    </message>
    <message>
        <source>A latency table, a device file or measured nets of a device of your own</source>
        <translation>Eine Latenztabelle, eine Gerätedatei oder gemessene Netze eines eigenen Geräts</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Only what was imported can be removed</source>
        <translation>Nur Importiertes lässt sich entfernen</translation>
    </message>
    <message>
        <source>It is the target; choose another target first</source>
        <translation>Es ist das Ziel; wählen Sie zuerst ein anderes Ziel</translation>
    </message>
    <message>
        <source>Forgets the device on this computer (Delete)</source>
        <translation>Vergisst das Gerät auf diesem Computer (Entf)</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::EmissionsView</name>
    <message>
        <source>%1 billion</source>
        <translation>%1 Mrd.</translation>
    </message>
    <message>
        <source>%1 million</source>
        <translation>%1 Mio.</translation>
    </message>
    <message>
        <source>Over inferences</source>
        <translation>Über die Inferenzen</translation>
    </message>
    <message>
        <source>Designing for many targets</source>
        <translation>Entwurf für viele Ziele</translation>
    </message>
    <message>
        <source>What the right chart shows</source>
        <translation>Was das rechte Diagramm zeigt</translation>
    </message>
    <message>
        <source>Emissions by where they come from</source>
        <translation>Emissionen nach ihrer Herkunft</translation>
    </message>
    <message>
        <source>Emissions over inferences, or over targets</source>
        <translation>Emissionen über die Inferenzen oder über die Ziele</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>Nothing to show</source>
        <translation>Nichts zu zeigen</translation>
    </message>
    <message>
        <source>use</source>
        <translation>Nutzung</translation>
    </message>
    <message>
        <source>%1 CO₂e</source>
        <translation>%1 CO₂e</translation>
    </message>
    <message>
        <source>break-even</source>
        <translation>Gleichstand</translation>
    </message>
    <message>
        <source>inferences, all devices together</source>
        <translation>Inferenzen, alle Geräte zusammen</translation>
    </message>
    <message>
        <source>this supernet</source>
        <translation>dieses Supernetz</translation>
    </message>
    <message>
        <source>deployment targets</source>
        <translation>Einsatzziele</translation>
    </message>
    <message>
        <source>kg CO₂e of design</source>
        <translation>kg CO₂e für den Entwurf</translation>
    </message>
    <message>
        <source>%1 and %2 are even after %3 inferences.</source>
        <translation>%1 und %2 liegen nach %3 Inferenzen gleichauf.</translation>
    </message>
    <message>
        <source>%1 emits less than %2 at any number of inferences.</source>
        <translation>%1 stößt bei jeder Zahl von Inferenzen weniger aus als %2.</translation>
    </message>
    <message>
        <source>The use of %1 overtakes its share of the training after %2 inferences.</source>
        <translation>Die Nutzung von %1 überholt ihren Anteil am Training nach %2 Inferenzen.</translation>
    </message>
    <message>
        <source>, %1 kg to make a device</source>
        <translation>, %1 kg für die Herstellung eines Geräts</translation>
    </message>
    <message>
        <source>, making of devices left out</source>
        <translation>, Herstellung der Geräte weggelassen</translation>
    </message>
    <message>
        <source>Nothing is open.</source>
        <translation>Nichts ist geöffnet.</translation>
    </message>
    <message>
        <source>Not known: %1.</source>
        <translation>Nicht bekannt: %1.</translation>
    </message>
    <message>
        <source>%1: %2 in all.</source>
        <translation>%1: %2 insgesamt.</translation>
    </message>
    <message>
        <source>Design: GPU-hours of Cai et al. 2020, Table 1, at the watts and the grid of Strubell et al. 2019 (estimates); this supernet as its bundle says.</source>
        <translation>Entwurf: GPU-Stunden nach Cai et al. 2020, Tabelle 1, mit Leistung und Stromnetz nach Strubell et al. 2019 (Schätzungen); dieses Supernetz nach Angabe seines Bündels.</translation>
    </message>
    <message>
        <source>training</source>
        <translation>Training</translation>
    </message>
    <message>
        <source>making</source>
        <translation>Herstellung</translation>
    </message>
    <message>
        <source>Assumed: grid %1, PUE %2 (in a data centre), %3 inferences a day and device, devices: %4, years: %5</source>
        <translation>Angenommen: Stromnetz %1, PUE %2 (im Rechenzentrum), %3 Inferenzen je Tag und Gerät, Geräte: %4, Jahre: %5</translation>
    </message>
    <message>
        <source>; nets that share the training: %1.</source>
        <translation>; Netze, die sich das Training teilen: %1.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ExplorePage</name>
    <message>
        <source>Parallel</source>
        <translation>Parallel</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Emissions</source>
        <translation>Emissionen</translation>
    </message>
    <message>
        <source>Hypervolume</source>
        <translation>Hypervolumen</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Architektur</translation>
    </message>
    <message>
        <source>◆ front %1   ● feasible %2   ○ infeasible %3   ★ suggested</source>
        <translation>◆ Front %1   ● zulässig %2   ○ unzulässig %3   ★ Vorschlag</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::Explorer</name>
    <message>
        <source>Axis</source>
        <translation>Achse</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ExportDialog</name>
    <message>
        <source>Export the subnet</source>
        <translation>Subnetz exportieren</translation>
    </message>
    <message>
        <source>Selected subnet</source>
        <translation>Ausgewähltes Subnetz</translation>
    </message>
    <message>
        <source>resolution %1</source>
        <translation>Auflösung %1</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>Als Befehl kopieren</translation>
    </message>
    <message>
        <source>Reveal in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message>
        <source>★ Suggested subnet</source>
        <translation>★ Vorgeschlagenes Subnetz</translation>
    </message>
    <message>
        <source>&lt;b&gt;This bundle holds no weights.&lt;/b&gt; Exporting needs those of the supernet. Download its released checkpoint, attach it with the command below, and open the bundle that this makes.</source>
        <translation>&lt;b&gt;Dieses Bündel enthält keine Gewichte.&lt;/b&gt; Zum Exportieren braucht es die des Supernetzes. Laden Sie dessen veröffentlichten Checkpoint herunter, fügen Sie ihn mit dem Befehl unten hinzu, und öffnen Sie das Bündel, das dabei entsteht.</translation>
    </message>
    <message>
        <source>Copy the command that attaches weights</source>
        <translation>Den Befehl kopieren, der Gewichte hinzufügt</translation>
    </message>
    <message>
        <source>The line that does the same in a shell</source>
        <translation>Die Zeile, die dasselbe in einer Shell tut</translation>
    </message>
    <message>
        <source>Export again…</source>
        <translation>Erneut exportieren …</translation>
    </message>
    <message>
        <source>Progress of the export</source>
        <translation>Fortschritt des Exports</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>&lt;b&gt;“%1” is there already.&lt;/b&gt; Where it is replaced, what it holds now is kept as “%2”.</source>
        <translation>&lt;b&gt;„%1“ gibt es schon.&lt;/b&gt; Wird es ersetzt, bleibt sein jetziger Inhalt als „%2“ erhalten.</translation>
    </message>
    <message>
        <source>Write “%1”</source>
        <translation>„%1“ schreiben</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>Lassen</translation>
    </message>
    <message>
        <source>Opening the images</source>
        <translation>Die Bilder werden geöffnet</translation>
    </message>
    <message>
        <source>Opening the bundle</source>
        <translation>Das Bündel wird geöffnet</translation>
    </message>
    <message>
        <source>Recalibrating batch norm</source>
        <translation>Die Batch-Normalisierung wird neu kalibriert</translation>
    </message>
    <message>
        <source>Measuring on test images</source>
        <translation>Auf Testbildern wird gemessen</translation>
    </message>
    <message>
        <source>Writing and checking: %1</source>
        <translation>Wird geschrieben und geprüft: %1</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>Wird abgeschlossen</translation>
    </message>
    <message>
        <source>Step %1 of %2 · %3</source>
        <translation>Schritt %1 von %2 · %3</translation>
    </message>
    <message>
        <source>about %1 s left of this step</source>
        <translation>noch etwa %1 s in diesem Schritt</translation>
    </message>
    <message>
        <source>Nothing was exported.</source>
        <translation>Nichts wurde exportiert.</translation>
    </message>
    <message>
        <source>Cancelled. Nothing was written, and nothing was changed.</source>
        <translation>Abgebrochen. Nichts wurde geschrieben und nichts verändert.</translation>
    </message>
    <message>
        <source>The files are written, but not under their name.</source>
        <translation>Die Dateien sind geschrieben, aber nicht unter ihrem Namen.</translation>
    </message>
    <message>
        <source>They are in %1.</source>
        <translation>Sie sind in %1.</translation>
    </message>
    <message>
        <source>Rename it by hand, or export again under another name.</source>
        <translation>Benennen Sie es von Hand um, oder exportieren Sie erneut unter anderem Namen.</translation>
    </message>
    <message>
        <source>&lt;b&gt;The export is still at work.&lt;/b&gt; Where it is stopped, nothing is written.</source>
        <translation>&lt;b&gt;Der Export läuft noch.&lt;/b&gt; Wird er angehalten, wird nichts geschrieben.</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Anhalten und schließen</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weitermachen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ExportForm</name>
    <message>
        <source>TorchScript</source>
        <translation>TorchScript</translation>
    </message>
    <message>
        <source>subnet.ts.pt: opens with torch.jit.load, without any code of the net</source>
        <translation>subnet.ts.pt: öffnet sich mit torch.jit.load, ohne Code des Netzes</translation>
    </message>
    <message>
        <source>PyTorch state dict</source>
        <translation>PyTorch-State-Dict</translation>
    </message>
    <message>
        <source>init with net.config and run.config: as the once-for-all package reads released nets</source>
        <translation>init mit net.config und run.config: wie das Paket once-for-all veröffentlichte Netze liest</translation>
    </message>
    <message>
        <source>safetensors</source>
        <translation>safetensors</translation>
    </message>
    <message>
        <source>subnet.safetensors: the weights, with what is known of the input</source>
        <translation>subnet.safetensors: die Gewichte mit dem, was über die Eingabe bekannt ist</translation>
    </message>
    <message>
        <source>ONNX</source>
        <translation>ONNX</translation>
    </message>
    <message>
        <source>subnet.onnx: for other programs that run nets</source>
        <translation>subnet.onnx: für andere Programme, die Netze ausführen</translation>
    </message>
    <message>
        <source>OFA config</source>
        <translation>OFA-Konfiguration</translation>
    </message>
    <message>
        <source>net.config and run.config: the architecture alone</source>
        <translation>net.config und run.config: nur die Architektur</translation>
    </message>
    <message>
        <source>Model card</source>
        <translation>Modellkarte</translation>
    </message>
    <message>
        <source>model-card.md and model-card.json: figures with errors and sources, licences, how to load the files</source>
        <translation>model-card.md und model-card.json: Zahlen mit Fehlern und Quellen, Lizenzen, wie die Dateien zu laden sind</translation>
    </message>
    <message>
        <source>Folder of the images</source>
        <translation>Ordner der Bilder</translation>
    </message>
    <message>
        <source>Where the folder is to be made</source>
        <translation>Wo der Ordner angelegt werden soll</translation>
    </message>
    <message>
        <source>Write</source>
        <translation>Schreiben</translation>
    </message>
    <message>
        <source>Recalibrate and measure on &amp;images</source>
        <translation>Auf &amp;Bildern neu kalibrieren und messen</translation>
    </message>
    <message>
        <source>Batch norm is recalibrated on some of the training images, and accuracy is measured on the test images</source>
        <translation>Die Batch-Normalisierung wird auf einigen Trainingsbildern neu kalibriert und die Genauigkeit auf den Testbildern gemessen</translation>
    </message>
    <message>
        <source>Data &amp;set</source>
        <translation>Daten&amp;satz</translation>
    </message>
    <message>
        <source>Folder: IDX, CIFAR-10 or CIFAR-100, or a folder a class</source>
        <translation>Ordner: IDX, CIFAR-10 oder CIFAR-100, oder ein Ordner je Klasse</translation>
    </message>
    <message>
        <source>&amp;Recalibrate on</source>
        <translation>Neu &amp;kalibrieren auf</translation>
    </message>
    <message>
        <source> images</source>
        <translation> Bildern</translation>
    </message>
    <message>
        <source>No images, measure only</source>
        <translation>Keine Bilder, nur messen</translation>
    </message>
    <message>
        <source>2000 are usual</source>
        <translation>Üblich sind 2000</translation>
    </message>
    <message>
        <source>De&amp;vice of the card</source>
        <translation>&amp;Gerät der Modellkarte</translation>
    </message>
    <message>
        <source>Latency, energy and emissions in the model card are those on this device</source>
        <translation>Latenz, Energie und Emissionen der Modellkarte gelten für dieses Gerät</translation>
    </message>
    <message>
        <source>Emissions with the assumptions of the window: grid %1, PUE %2</source>
        <translation>Emissionen mit den Annahmen des Fensters: Stromnetz %1, PUE %2</translation>
    </message>
    <message>
        <source>&amp;Folder</source>
        <translation>&amp;Ordner</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>A folder with this name is made in the folder above</source>
        <translation>Im Ordner darüber wird ein Ordner dieses Namens angelegt</translation>
    </message>
    <message>
        <source>Browse…</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>Browse for the data set</source>
        <translation>Datensatz suchen</translation>
    </message>
    <message>
        <source>Browse for the folder</source>
        <translation>Ordner suchen</translation>
    </message>
    <message>
        <source>All devices of the bundle</source>
        <translation>Alle Geräte des Bündels</translation>
    </message>
    <message>
        <source>None is known</source>
        <translation>Keines ist bekannt</translation>
    </message>
    <message>
        <source>The bundle holds no weights, so there is nothing to cut the subnet out of.</source>
        <translation>Das Bündel enthält keine Gewichte, also gibt es nichts, woraus sich das Subnetz schneiden ließe.</translation>
    </message>
    <message>
        <source>Choose what to write.</source>
        <translation>Wählen Sie, was geschrieben werden soll.</translation>
    </message>
    <message>
        <source>Name the folder of the data set, or do without images.</source>
        <translation>Nennen Sie den Ordner des Datensatzes, oder verzichten Sie auf Bilder.</translation>
    </message>
    <message>
        <source>There is no folder %1.</source>
        <translation>Es gibt keinen Ordner %1.</translation>
    </message>
    <message>
        <source>Choose a folder.</source>
        <translation>Wählen Sie einen Ordner.</translation>
    </message>
    <message>
        <source>Give the export a name.</source>
        <translation>Geben Sie dem Export einen Namen.</translation>
    </message>
    <message>
        <source>A name has no slash in it and does not begin with a point.</source>
        <translation>Ein Name enthält keinen Schrägstrich und beginnt nicht mit einem Punkt.</translation>
    </message>
    <message>
        <source>Batch norm keeps the statistics of the supernet: without recalibration the accuracy of most subnets collapses.</source>
        <translation>Die Batch-Normalisierung behält die Statistik des Supernetzes: Ohne neue Kalibrierung bricht die Genauigkeit der meisten Subnetze ein.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ExportResult</name>
    <message>
        <source>Files that were written</source>
        <translation>Geschriebene Dateien</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfung</translation>
    </message>
    <message>
        <source>&lt;b&gt;Exported to %1&lt;/b&gt;</source>
        <translation>&lt;b&gt;Exportiert nach %1&lt;/b&gt;</translation>
    </message>
    <message>
        <source>What was there before is in %1.</source>
        <translation>Was vorher dort war, ist in %1.</translation>
    </message>
    <message>
        <source>read back</source>
        <translation>zurückgelesen</translation>
    </message>
    <message>
        <source>opened again: the same logits</source>
        <translation>wieder geöffnet: dieselben Logits</translation>
    </message>
    <message>
        <source>opened again: logits differ by at most %1</source>
        <translation>wieder geöffnet: Logits weichen um höchstens %1 ab</translation>
    </message>
    <message>
        <source>The files are written, but the report on them could not be read: it comes from another version of the command line.</source>
        <translation>Die Dateien sind geschrieben, aber der Bericht darüber ließ sich nicht lesen: Er kommt von einer anderen Version der Befehlszeile.</translation>
    </message>
    <message>
        <source>Every file was opened again. Largest difference of a logit: %1</source>
        <translation>Jede Datei wurde wieder geöffnet. Größter Unterschied eines Logits: %1</translation>
    </message>
    <message>
        <source>Every file was read back.</source>
        <translation>Jede Datei wurde zurückgelesen.</translation>
    </message>
    <message>
        <source>Top-1 measured on %1 images: %2 % (%3 to %4)</source>
        <translation>Top-1, auf %1 Bildern gemessen: %2 % (%3 bis %4)</translation>
    </message>
    <message>
        <source>batch norm recalibrated on %1</source>
        <translation>Batch-Normalisierung neu kalibriert auf %1</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::FilterEdit</name>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Conditions joined by &amp;, such as lat&lt;20 &amp; acc&gt;76 &amp; k=7</source>
        <translation>Bedingungen, mit &amp; verbunden, etwa lat&lt;20 &amp; acc&gt;76 &amp; k=7</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::HelpDialog</name>
    <message>
        <source>The question</source>
        <translation>Die Frage</translation>
    </message>
    <message>
        <source>A once-for-all supernet holds a vast number of subnets. Each one is a network of its own, with its accuracy, its latency on a device, and what it emits. The window answers one question: which subnet for this device, within these limits, at what carbon cost?</source>
        <translation>Ein Once-for-all-Supernetz enthält ungeheuer viele Subnetze. Jedes ist ein eigenes Netz mit seiner Genauigkeit, seiner Latenz auf einem Gerät und dem, was es ausstößt. Das Fenster beantwortet eine Frage: Welches Subnetz für dieses Gerät, innerhalb dieser Grenzen, zu welchen CO₂-Kosten?</translation>
    </message>
    <message>
        <source>What the picture shows</source>
        <translation>Was das Bild zeigt</translation>
    </message>
    <message>
        <source>&lt;b&gt;● dots&lt;/b&gt;: sampled subnets that satisfy all limits. &lt;b&gt;○ hollow dots&lt;/b&gt;: those that miss one.</source>
        <translation>&lt;b&gt;● Punkte&lt;/b&gt;: gezogene Subnetze, die alle Grenzen einhalten. &lt;b&gt;○ Hohle Punkte&lt;/b&gt;: solche, die eine verfehlen.</translation>
    </message>
    <message>
        <source>&lt;b&gt;◆ line&lt;/b&gt;: the front. No subnet is both cheaper and more accurate than one of these. Between two of them nothing better is known: the line is made of steps.</source>
        <translation>&lt;b&gt;◆ Linie&lt;/b&gt;: die Front. Kein Subnetz ist zugleich günstiger und genauer als eines von diesen. Zwischen zweien ist nichts Besseres bekannt: Darum verläuft die Linie in Stufen.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Band&lt;/b&gt;: how far the predicted accuracy may be off, at 90 %. Two subnets whose bands overlap can hardly be told apart.</source>
        <translation>&lt;b&gt;Band&lt;/b&gt;: wie weit die vorhergesagte Genauigkeit danebenliegen kann, bei 90 %. Zwei Subnetze, deren Bänder sich überlappen, lassen sich kaum unterscheiden.</translation>
    </message>
    <message>
        <source>&lt;b&gt;★ star&lt;/b&gt;: the suggestion. It is the knee of the front, after which every further gain costs much more.</source>
        <translation>&lt;b&gt;★ Stern&lt;/b&gt;: der Vorschlag. Er ist das Knie der Front, ab dem jeder weitere Gewinn viel mehr kostet.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Letters&lt;/b&gt;: subnets that you have pinned to compare them.</source>
        <translation>&lt;b&gt;Buchstaben&lt;/b&gt;: Subnetze, die Sie zum Vergleichen angeheftet haben.</translation>
    </message>
    <message>
        <source>&lt;b&gt;Hatched part&lt;/b&gt;: what lies beyond a limit. Drag its edge, or the slider on the left: they are the same limit.</source>
        <translation>&lt;b&gt;Schraffierter Teil&lt;/b&gt;: was jenseits einer Grenze liegt. Ziehen Sie an der Kante oder am Regler links: Es ist dieselbe Grenze.</translation>
    </message>
    <message>
        <source>How it is read</source>
        <translation>Wie man es liest</translation>
    </message>
    <message>
        <source>Choose the device first: latency, energy and emissions are those of this device.</source>
        <translation>Wählen Sie zuerst das Gerät: Latenz, Energie und Emissionen gelten für dieses Gerät.</translation>
    </message>
    <message>
        <source>Set limits on what you cannot exceed, then read the accuracy off the front at that place.</source>
        <translation>Begrenzen Sie, was Sie nicht überschreiten dürfen, und lesen Sie dann dort die Genauigkeit an der Front ab.</translation>
    </message>
    <message>
        <source>Every figure says where it comes from in its tool-tip: measured, from a table, modelled or predicted, and how far off it may be.</source>
        <translation>Jede Zahl sagt in ihrem Hinweistext, woher sie kommt: gemessen, aus einer Tabelle, aus einem Modell oder vorhergesagt, und wie weit sie danebenliegen kann.</translation>
    </message>
    <message>
        <source>Emissions are of a million inferences with the electricity grid that is chosen on the left; another grid moves them, and not the accuracies.</source>
        <translation>Emissionen gelten für eine Million Inferenzen mit dem links gewählten Stromnetz; ein anderes verschiebt sie, nicht aber die Genauigkeiten.</translation>
    </message>
    <message>
        <source>If no subnet satisfies the limits, the banner says how little would have to give way.</source>
        <translation>Hält kein Subnetz die Grenzen ein, sagt der Hinweisstreifen, wie wenig nachgeben müsste.</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>How to read the picture</source>
        <translation>Wie man das Bild liest</translation>
    </message>
    <message>
        <source>Click a dot to select it, drag a rectangle to brush both axes, double-click to show all, turn the wheel to look closer, drag with the middle button or with Space held to move.</source>
        <translation>Klicken Sie einen Punkt an, um ihn auszuwählen, ziehen Sie ein Rechteck auf, um beide Achsen einzugrenzen, doppelklicken Sie, um alles zu zeigen, drehen Sie das Rad, um näher hinzusehen, ziehen Sie mit der mittleren Taste oder bei gehaltener Leertaste, um zu verschieben.</translation>
    </message>
    <message>
        <source>The arrow keys walk along the front, Enter pins.</source>
        <translation>Die Pfeiltasten gehen die Front entlang, Eingabe heftet an.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::HoverCard</name>
    <message>
        <source>resolution %1</source>
        <translation>Auflösung %1</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::HypervolumeView</name>
    <message>
        <source>time of the search with the MLP (ms)</source>
        <translation>Dauer der Suche mit dem MLP (ms)</translation>
    </message>
    <message>
        <source>Hypervolume over time</source>
        <translation>Hypervolumen im Verlauf</translation>
    </message>
    <message>
        <source>Nothing has been searched yet.</source>
        <translation>Es wurde noch nichts gesucht.</translation>
    </message>
    <message>
        <source>%1: hypervolume %2 after %3 evaluations and %4 ms, seed %5</source>
        <translation>%1: Hypervolumen %2 nach %3 Auswertungen und %4 ms, Startwert %5</translation>
    </message>
    <message>
        <source>The exact solver does not approach its front step by step: it has all of it at once, so there is no way to draw.</source>
        <translation>Der exakte Löser nähert sich seiner Front nicht schrittweise: Er hat sie auf einmal ganz, also gibt es keinen Weg zu zeichnen.</translation>
    </message>
    <message>
        <source>Second opinion, %1. Each is measured by its own predictor: the two numbers are not to be compared.</source>
        <translation>Zweite Meinung, %1. Jede ist mit ihrer eigenen Vorhersage gemessen: Die beiden Zahlen sind nicht zu vergleichen.</translation>
    </message>
    <message>
        <source>The MLP is asked once the limits rest.</source>
        <translation>Das MLP wird gefragt, sobald die Grenzen ruhen.</translation>
    </message>
    <message>
        <source>The search with the MLP runs.</source>
        <translation>Die Suche mit dem MLP läuft.</translation>
    </message>
    <message>
        <source>The bundle has no second predictor.</source>
        <translation>Das Bündel hat keine zweite Vorhersage.</translation>
    </message>
    <message>
        <source>hypervolume</source>
        <translation>Hypervolumen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ImportDeviceDialog</name>
    <message>
        <source>Import a device</source>
        <translation>Ein Gerät importieren</translation>
    </message>
    <message>
        <source>Reading %1 …</source>
        <translation>%1 wird gelesen …</translation>
    </message>
    <message>
        <source>How far it is read</source>
        <translation>Wie weit gelesen ist</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Supply</source>
        <translation>&amp;Versorgung</translation>
    </message>
    <message>
        <source>Where the device takes its electricity from</source>
        <translation>Woher das Gerät seinen Strom nimmt</translation>
    </message>
    <message>
        <source>Battery</source>
        <translation>Akku</translation>
    </message>
    <message>
        <source>Mains</source>
        <translation>Netzteil</translation>
    </message>
    <message>
        <source>Data centre</source>
        <translation>Rechenzentrum</translation>
    </message>
    <message>
        <source>Search for this device at once</source>
        <translation>Gleich für dieses Gerät suchen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>device file</source>
        <translation>Gerätedatei</translation>
    </message>
    <message>
        <source>latency table, keys as in once-for-all</source>
        <translation>Latenztabelle, Schlüssel wie in once-for-all</translation>
    </message>
    <message>
        <source>latency table, keys as in NSGANetV2</source>
        <translation>Latenztabelle, Schlüssel wie in NSGANetV2</translation>
    </message>
    <message>
        <source>measured nets; a model was fitted to them</source>
        <translation>gemessene Netze; ein Modell wurde daran angepasst</translation>
    </message>
    <message>
        <source>Read from</source>
        <translation>Gelesen aus</translation>
    </message>
    <message>
        <source>%1, files: %2</source>
        <translation>%1, Dateien: %2</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>Einträge</translation>
    </message>
    <message>
        <source>%1 nets</source>
        <translation>%1 Netze</translation>
    </message>
    <message>
        <source>%1 block latencies</source>
        <translation>%1 Blocklatenzen</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>milliseconds of a batch of %1</source>
        <translation>Millisekunden für einen Batch von %1</translation>
    </message>
    <message>
        <source>milliseconds</source>
        <translation>Millisekunden</translation>
    </message>
    <message>
        <source>milliseconds of one image (the file does not say; this is what such files hold)</source>
        <translation>Millisekunden für ein Bild (die Datei sagt es nicht; solche Dateien enthalten das)</translation>
    </message>
    <message>
        <source>Resolutions</source>
        <translation>Auflösungen</translation>
    </message>
    <message>
        <source>%1; the accuracy predictor knows %2 of them</source>
        <translation>%1; die Genauigkeitsvorhersage kennt davon %2</translation>
    </message>
    <message>
        <source>Not covered</source>
        <translation>Nicht abgedeckt</translation>
    </message>
    <message>
        <source>%1 resolutions of the space, such as %2</source>
        <translation>%1 Auflösungen des Suchraums, etwa %2</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>not measured: the latencies will be shown without an interval</source>
        <translation>nicht gemessen: Die Latenzen werden ohne Intervall gezeigt</translation>
    </message>
    <message>
        <source>Energy</source>
        <translation>Energie</translation>
    </message>
    <message>
        <source>known</source>
        <translation>bekannt</translation>
    </message>
    <message>
        <source>not known, and so are emissions (a processor is looked up by its name; a phone on battery by its kind)</source>
        <translation>nicht bekannt, ebenso die Emissionen (ein Prozessor wird nach seinem Namen nachgeschlagen, ein Telefon am Akku nach seiner Art)</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::IssueLog</name>
    <message>
        <source>The bundle has no accuracy predictor</source>
        <translation>Das Bündel hat keine Vorhersage der Genauigkeit</translation>
    </message>
    <message>
        <source>Top-1 of its subnets is not known, and no front can be searched for.</source>
        <translation>Die Top-1-Genauigkeit seiner Subnetze ist nicht bekannt, und es lässt sich keine Front suchen.</translation>
    </message>
    <message>
        <source>Fit one to measured subnets with “paretoscope-cli fit-predictor”, or open another bundle.</source>
        <translation>Passen Sie eine mit „paretoscope-cli fit-predictor“ an gemessene Subnetze an, oder öffnen Sie ein anderes Bündel.</translation>
    </message>
    <message>
        <source>The error of the accuracy predictor was not measured</source>
        <translation>Der Fehler der Genauigkeitsvorhersage wurde nicht gemessen</translation>
    </message>
    <message>
        <source>Top-1 is shown without an interval: nobody knows how far off it may be.</source>
        <translation>Top-1 wird ohne Intervall gezeigt: Niemand weiß, wie weit die Vorhersage danebenliegen kann.</translation>
    </message>
    <message>
        <source>Measure some subnets and fit the predictor to them, with some left out.</source>
        <translation>Messen Sie einige Subnetze und passen Sie die Vorhersage daran an; lassen Sie dabei einige zum Prüfen weg.</translation>
    </message>
    <message>
        <source>It is not known how optimistic the predictor is of what it picks</source>
        <translation>Wie optimistisch die Vorhersage bei ihrer Auswahl ist, ist nicht bekannt</translation>
    </message>
    <message>
        <source>The best subnets by a prediction are, on average, less good than it says.</source>
        <translation>Die nach einer Vorhersage besten Subnetze sind im Mittel weniger gut, als sie sagt.</translation>
    </message>
    <message>
        <source>Measure the subnet that you choose before you rely on it.</source>
        <translation>Messen Sie das gewählte Subnetz, bevor Sie sich darauf verlassen.</translation>
    </message>
    <message>
        <source>The error of the latencies of %1 was not measured</source>
        <translation>Der Fehler der Latenzen von %1 wurde nicht gemessen</translation>
    </message>
    <message>
        <source>They are shown without an interval.</source>
        <translation>Sie werden ohne Intervall gezeigt.</translation>
    </message>
    <message>
        <source>Compare some whole nets on the device with what is predicted.</source>
        <translation>Vergleichen Sie einige ganze Netze auf dem Gerät mit der Vorhersage.</translation>
    </message>
    <message>
        <source>%1 comes with a warning</source>
        <translation>Zu %1 gehört eine Warnung</translation>
    </message>
    <message>
        <source>Figures of this device are to be read with it in mind.</source>
        <translation>Die Zahlen dieses Geräts sind mit ihr im Sinn zu lesen.</translation>
    </message>
    <message>
        <source>Look at the details.</source>
        <translation>Sehen Sie sich die Einzelheiten an.</translation>
    </message>
    <message>
        <source>The energy of %1 is not known</source>
        <translation>Die Energie von %1 ist nicht bekannt</translation>
    </message>
    <message>
        <source>Neither energy nor emissions of an inference can be shown or limited.</source>
        <translation>Weder Energie noch Emissionen einer Inferenz lassen sich zeigen oder begrenzen.</translation>
    </message>
    <message>
        <source>Choose a device whose power is known.</source>
        <translation>Wählen Sie ein Gerät, dessen Leistungsaufnahme bekannt ist.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::IssuesPanel</name>
    <message>
        <source>Issues</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>Was geschehen ist</translation>
    </message>
    <message>
        <source>What it means</source>
        <translation>Was es bedeutet</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was zu tun ist</translation>
    </message>
    <message>
        <source>Nothing went wrong, and nothing is to be careful of.</source>
        <translation>Nichts ist misslungen, und nichts verlangt Vorsicht.</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>As text, with version, bundle and question, to send to somebody who can help</source>
        <translation>Als Text mit Version, Bündel und Frage, um ihn jemandem zu schicken, der helfen kann</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Forget all issues</source>
        <translation>Alle Meldungen verwerfen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::LimitsPanel</name>
    <message>
        <source>Reset limits</source>
        <translation>Grenzen zurücksetzen</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Relax to feasible</source>
        <translation>Bis zulässig lockern</translation>
    </message>
    <message>
        <source>Changes one limit by the least that makes some subnet satisfy all of them</source>
        <translation>Ändert eine Grenze gerade so weit, dass ein Subnetz alle einhält</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>Turns all limits off</source>
        <translation>Schaltet alle Grenzen aus</translation>
    </message>
    <message>
        <source>Limit %1</source>
        <translation>%1 begrenzen</translation>
    </message>
    <message>
        <source>Limit of %1</source>
        <translation>Grenze für %1</translation>
    </message>
    <message>
        <source>Limit of %1, slider</source>
        <translation>Grenze für %1, Regler</translation>
    </message>
    <message>
        <source>A number, with or without its unit</source>
        <translation>Eine Zahl, mit oder ohne Einheit</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>%1 of %2 sampled subnets satisfy all limits</source>
        <translation>%1 von %2 gezogenen Subnetzen halten alle Grenzen ein</translation>
    </message>
    <message>
        <source>Lift the limit of %1</source>
        <translation>Grenze für %1 aufheben</translation>
    </message>
    <message>
        <source>“%1” is not a number in %2</source>
        <translation>„%1“ ist keine Zahl in %2</translation>
    </message>
    <message>
        <source>Set to the selected subnet</source>
        <translation>Auf das gewählte Subnetz setzen</translation>
    </message>
    <message>
        <source>Lift this limit</source>
        <translation>Diese Grenze aufheben</translation>
    </message>
    <message>
        <source>Relax %1</source>
        <translation>%1 lockern</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::MainActions</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Open a bundle or a session</source>
        <translation>Ein Bündel oder eine Sitzung öffnen</translation>
    </message>
    <message>
        <source>Save session</source>
        <translation>Sitzung speichern</translation>
    </message>
    <message>
        <source>Keep bundle, device, limits and pins in a file</source>
        <translation>Bündel, Gerät, Grenzen und Angeheftetes in einer Datei behalten</translation>
    </message>
    <message>
        <source>Save session as…</source>
        <translation>Sitzung speichern unter …</translation>
    </message>
    <message>
        <source>In another file</source>
        <translation>In einer anderen Datei</translation>
    </message>
    <message>
        <source>Save picture of the chart…</source>
        <translation>Bild des Diagramms speichern …</translation>
    </message>
    <message>
        <source>The trade-off as it is shown, as PNG, PDF or SVG</source>
        <translation>Das Diagramm, wie es zu sehen ist, als PNG, PDF oder SVG</translation>
    </message>
    <message>
        <source>Save picture of the window…</source>
        <translation>Bild des Fensters speichern …</translation>
    </message>
    <message>
        <source>The whole window as PNG</source>
        <translation>Das ganze Fenster als PNG</translation>
    </message>
    <message>
        <source>Close bundle</source>
        <translation>Bündel schließen</translation>
    </message>
    <message>
        <source>Back to the start page</source>
        <translation>Zurück zur Startseite</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take the last change back</source>
        <translation>Die letzte Änderung zurücknehmen</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Make the change again that was taken back</source>
        <translation>Die zurückgenommene Änderung wieder vornehmen</translation>
    </message>
    <message>
        <source>Copy chart</source>
        <translation>Diagramm kopieren</translation>
    </message>
    <message>
        <source>The trade-off as a picture, to paste elsewhere</source>
        <translation>Das Diagramm als Bild, um es anderswo einzufügen</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Type a filter</source>
        <translation>Einen Filter eingeben</translation>
    </message>
    <message>
        <source>Preferences…</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>Theme, language, shortcuts and how to begin</source>
        <translation>Farbschema, Sprache, Tastenkürzel und der Programmstart</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Infeasible subnets</source>
        <translation>Unzulässige Subnetze</translation>
    </message>
    <message>
        <source>Show subnets that miss a limit</source>
        <translation>Subnetze zeigen, die eine Grenze verfehlen</translation>
    </message>
    <message>
        <source>Dominated subnets</source>
        <translation>Dominierte Subnetze</translation>
    </message>
    <message>
        <source>Show the sampled subnets below the front</source>
        <translation>Die gezogenen Subnetze unterhalb der Front zeigen</translation>
    </message>
    <message>
        <source>Fit</source>
        <translation>Einpassen</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Previous view</source>
        <translation>Vorige Ansicht</translation>
    </message>
    <message>
        <source>Back to the part that was shown before</source>
        <translation>Zurück zum Ausschnitt davor</translation>
    </message>
    <message>
        <source>Next view</source>
        <translation>Nächste Ansicht</translation>
    </message>
    <message>
        <source>Forward again</source>
        <translation>Wieder vor</translation>
    </message>
    <message>
        <source>Parallel coordinates</source>
        <translation>Parallele Koordinaten</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>Tabelle</translation>
    </message>
    <message>
        <source>Emissions</source>
        <translation>Emissionen</translation>
    </message>
    <message>
        <source>Hypervolume</source>
        <translation>Hypervolumen</translation>
    </message>
    <message>
        <source>Architecture</source>
        <translation>Architektur</translation>
    </message>
    <message>
        <source>Show this tab of the lower strip</source>
        <translation>Dieses Register des unteren Streifens zeigen</translation>
    </message>
    <message>
        <source>Limits and carbon</source>
        <translation>Grenzen und CO₂</translation>
    </message>
    <message>
        <source>Show the column on the left</source>
        <translation>Die linke Spalte zeigen</translation>
    </message>
    <message>
        <source>Lower strip</source>
        <translation>Unterer Streifen</translation>
    </message>
    <message>
        <source>Show the tabs below the chart</source>
        <translation>Die Register unter dem Diagramm zeigen</translation>
    </message>
    <message>
        <source>Issues</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Show what went wrong, and what to be careful of</source>
        <translation>Zeigen, was misslungen ist und wobei Vorsicht geboten ist</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Give the window the whole screen</source>
        <translation>Dem Fenster den ganzen Bildschirm geben</translation>
    </message>
    <message>
        <source>Next language</source>
        <translation>Nächste Sprache</translation>
    </message>
    <message>
        <source>Show the window in another language</source>
        <translation>Das Fenster in einer anderen Sprache zeigen</translation>
    </message>
    <message>
        <source>&amp;Search</source>
        <translation>&amp;Suche</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Search again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop what runs, or clear the selection</source>
        <translation>Anhalten, was läuft, oder die Auswahl aufheben</translation>
    </message>
    <message>
        <source>Relax to feasible</source>
        <translation>Bis zulässig lockern</translation>
    </message>
    <message>
        <source>Change one limit by the least that makes some subnet satisfy all of them</source>
        <translation>Eine Grenze gerade so weit ändern, dass ein Subnetz alle einhält</translation>
    </message>
    <message>
        <source>S&amp;ubnet</source>
        <translation>S&amp;ubnetz</translation>
    </message>
    <message>
        <source>Go to the knee</source>
        <translation>Zum Knie</translation>
    </message>
    <message>
        <source>Select the suggested subnet</source>
        <translation>Das vorgeschlagene Subnetz auswählen</translation>
    </message>
    <message>
        <source>Pin or unpin</source>
        <translation>Anheften oder lösen</translation>
    </message>
    <message>
        <source>Keep the subnet beside others</source>
        <translation>Das Subnetz neben anderen behalten</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>How to read the picture</source>
        <translation>Wie man das Bild liest</translation>
    </message>
    <message>
        <source>A page of help</source>
        <translation>Eine Seite Hilfe</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>All keys at a glance</source>
        <translation>Alle Tasten auf einen Blick</translation>
    </message>
    <message>
        <source>About Paretoscope</source>
        <translation>Über Paretoscope</translation>
    </message>
    <message>
        <source>Version, licences and whose data this is</source>
        <translation>Version, Lizenzen und wessen Daten dies sind</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Write the subnet as files: weights, configuration, model card</source>
        <translation>Das Subnetz als Dateien schreiben: Gewichte, Konfiguration, Modellkarte</translation>
    </message>
    <message>
        <source>Compare pinned subnets…</source>
        <translation>Angeheftete Subnetze vergleichen …</translation>
    </message>
    <message>
        <source>Two to four pinned subnets side by side</source>
        <translation>Zwei bis vier angeheftete Subnetze nebeneinander</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::MainWindow</name>
    <message>
        <source>Show infeasible</source>
        <translation>Unzulässige zeigen</translation>
    </message>
    <message>
        <source>Show dominated</source>
        <translation>Dominierte zeigen</translation>
    </message>
    <message>
        <source>%1 could not be opened</source>
        <translation>%1 ließ sich nicht öffnen</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Nichts wurde verändert.</translation>
    </message>
    <message>
        <source>Open another bundle, or get this one again: it may be damaged or unfinished.</source>
        <translation>Öffnen Sie ein anderes Bündel oder besorgen Sie dieses erneut: Es könnte beschädigt oder unvollständig sein.</translation>
    </message>
    <message>
        <source>The figures for the new device or grid could not be made</source>
        <translation>Die Zahlen für das neue Gerät oder Stromnetz ließen sich nicht berechnen</translation>
    </message>
    <message>
        <source>What is shown is the last good answer.</source>
        <translation>Gezeigt wird die letzte gute Antwort.</translation>
    </message>
    <message>
        <source>Choose another device or grid, or undo.</source>
        <translation>Wählen Sie ein anderes Gerät oder Stromnetz, oder machen Sie es rückgängig.</translation>
    </message>
    <message>
        <source>The search failed</source>
        <translation>Die Suche ist misslungen</translation>
    </message>
    <message>
        <source>Change the limits or the device and search again.</source>
        <translation>Ändern Sie die Grenzen oder das Gerät und suchen Sie erneut.</translation>
    </message>
    <message>
        <source>The session cannot be kept safe</source>
        <translation>Die Sitzung lässt sich nicht sichern</translation>
    </message>
    <message>
        <source>After a crash, what was not saved would be lost.</source>
        <translation>Nach einem Absturz wäre verloren, was nicht gespeichert ist.</translation>
    </message>
    <message>
        <source>Make room on the disk, or save the session at another place.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger, oder speichern Sie die Sitzung an einem anderen Ort.</translation>
    </message>
    <message>
        <source>Issues</source>
        <translation>Meldungen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>Rückgängig: %1</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Redo: %1</source>
        <translation>Wiederholen: %1</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Pin %1</source>
        <translation>%1 anheften</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::OtherDevices</name>
    <message>
        <source>nothing is known at resolution %1</source>
        <translation>bei Auflösung %1 ist nichts bekannt</translation>
    </message>
    <message>
        <source>energy not known</source>
        <translation>Energie nicht bekannt</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ParallelView</name>
    <message>
        <source>Parallel coordinates</source>
        <translation>Parallele Koordinaten</translation>
    </message>
    <message>
        <source>Range, low and high</source>
        <translation>Bereich, von und bis</translation>
    </message>
    <message>
        <source>Nothing is open.</source>
        <translation>Nichts ist geöffnet.</translation>
    </message>
    <message>
        <source>%1 from %2 to %3</source>
        <translation>%1 von %2 bis %3</translation>
    </message>
    <message>
        <source>%1, brushed from %2 to %3</source>
        <translation>%1, eingegrenzt von %2 bis %3</translation>
    </message>
    <message>
        <source>%1, limited to at least %2</source>
        <translation>%1, begrenzt auf mindestens %2</translation>
    </message>
    <message>
        <source>%1, limited to at most %2</source>
        <translation>%1, begrenzt auf höchstens %2</translation>
    </message>
    <message>
        <source>%1, flipped</source>
        <translation>%1, umgedreht</translation>
    </message>
    <message>
        <source>Axis %1 of %2: %3.</source>
        <translation>Achse %1 von %2: %3.</translation>
    </message>
    <message>
        <source>%1 of %2 sampled subnets pass limits, brushes and filter.</source>
        <translation>%1 von %2 gezogenen Subnetzen bestehen Grenzen, Bereiche und Filter.</translation>
    </message>
    <message>
        <source>Axes: %1.</source>
        <translation>Achsen: %1.</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>%1 px</source>
        <translation>%1 px</translation>
    </message>
    <message>
        <source>Brush %1</source>
        <translation>%1 eingrenzen</translation>
    </message>
    <message>
        <source>Remove the brush of %1</source>
        <translation>Bereich von %1 entfernen</translation>
    </message>
    <message>
        <source>low high</source>
        <translation>von bis</translation>
    </message>
    <message>
        <source>Two numbers, in %1 or with their unit; or &lt;20</source>
        <translation>Zwei Zahlen, in %1 oder mit Einheit; oder &lt;20</translation>
    </message>
    <message>
        <source>Two numbers, or &lt;20</source>
        <translation>Zwei Zahlen, oder &lt;20</translation>
    </message>
    <message>
        <source>Flip</source>
        <translation>Umdrehen</translation>
    </message>
    <message>
        <source>Logarithmic</source>
        <translation>Logarithmisch</translation>
    </message>
    <message>
        <source>Robust range (1 % to 99 %)</source>
        <translation>Robuster Bereich (1 % bis 99 %)</translation>
    </message>
    <message>
        <source>Type a range…</source>
        <translation>Bereich eingeben …</translation>
    </message>
    <message>
        <source>Remove brush</source>
        <translation>Bereich entfernen</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alles zeigen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::PinsPanel</name>
    <message>
        <source>points</source>
        <translation>Punkte</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Pinned</source>
        <translation>Angeheftet</translation>
    </message>
    <message>
        <source>Pinned subnets</source>
        <translation>Angeheftete Subnetze</translation>
    </message>
    <message>
        <source>CO₂e %1</source>
        <translation>CO₂e %1</translation>
    </message>
    <message>
        <source>P(%1 more accurate than %2): %3</source>
        <translation>P(%1 genauer als %2): %3</translation>
    </message>
    <message>
        <source>From the 90 % intervals, their errors taken as independent</source>
        <translation>Aus den 90-%-Intervallen, ihre Fehler als unabhängig angenommen</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Vergleichen …</translation>
    </message>
    <message>
        <source>Two to four pinned subnets side by side</source>
        <translation>Zwei bis vier angeheftete Subnetze nebeneinander</translation>
    </message>
    <message>
        <source>Pin subnets to compare them with the suggested one</source>
        <translation>Heften Sie Subnetze an, um sie mit dem Vorschlag zu vergleichen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::PreferencesDialog</name>
    <message>
        <source>Preferences</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>General</source>
        <translation>Allgemein</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>&amp;Farbschema</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>&amp;Grid of new bundles</source>
        <translation>Strom&amp;netz neuer Bündel</translation>
    </message>
    <message>
        <source>A country, a cloud region, or g CO₂e per kWh; a bundle that is opened begins with it</source>
        <translation>Ein Land, eine Cloud-Region oder g CO₂e je kWh; ein neu geöffnetes Bündel beginnt damit</translation>
    </message>
    <message>
        <source>&amp;Begin with what was open last</source>
        <translation>Mit dem &amp;beginnen, was zuletzt offen war</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Aktion</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Reset all shortcuts</source>
        <translation>Alle Tastenkürzel zurücksetzen</translation>
    </message>
    <message>
        <source>As the program comes</source>
        <translation>Wie vom Programm vorgegeben</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Keys of %1</source>
        <translation>Tasten für %1</translation>
    </message>
    <message>
        <source>%1 is taken by “%2”. “%3” keeps its keys.</source>
        <translation>%1 gehört schon zu „%2“. „%3“ behält seine Tasten.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::SessionKeeper</name>
    <message>
        <source>There is nothing to save: no bundle is open.</source>
        <translation>Es gibt nichts zu speichern: Kein Bündel ist geöffnet.</translation>
    </message>
    <message>
        <source>The session was not saved: %1. What is shown is as it was; save it at another place.</source>
        <translation>Die Sitzung wurde nicht gespeichert: %1. Gezeigt wird alles wie bisher; speichern Sie an einem anderen Ort.</translation>
    </message>
    <message>
        <source>The session cannot be kept safe: %1</source>
        <translation>Die Sitzung lässt sich nicht sichern: %1</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::ShortcutSheet</name>
    <message>
        <source>Shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>Was geschieht</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::StartPage</name>
    <message>
        <source>Which subnet for this device, within these limits, at what carbon cost?</source>
        <translation>Welches Subnetz für dieses Gerät, innerhalb dieser Grenzen, zu welchen CO₂-Kosten?</translation>
    </message>
    <message>
        <source>Try one that comes with the program</source>
        <translation>Eines ausprobieren, das dem Programm beiliegt</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Zuletzt verwendet</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Öffnen …</translation>
    </message>
    <message>
        <source>Continue where you left off</source>
        <translation>Weitermachen, wo Sie aufgehört haben</translation>
    </message>
    <message>
        <source>The last session was not saved; it was kept</source>
        <translation>Die letzte Sitzung wurde nicht gespeichert; sie wurde aufbewahrt</translation>
    </message>
    <message>
        <source>A bundle is a folder or a zip: a search space, predictors of accuracy, devices with their latencies, and perhaps the supernet&apos;s weights. Drop one here. Released once-for-all files become a bundle with “paretoscope-cli import”.</source>
        <translation>Ein Bündel ist ein Ordner oder eine Zip-Datei: ein Suchraum, Vorhersagen der Genauigkeit, Geräte mit ihren Latenzen und vielleicht die Gewichte des Supernetzes. Lassen Sie eines hier fallen. Veröffentlichte Once-for-all-Dateien werden mit „paretoscope-cli import“ zu einem Bündel.</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>reading the session</source>
        <translation>die Sitzung wird gelesen</translation>
    </message>
    <message>
        <source>building predictors and tables</source>
        <translation>Vorhersagen und Tabellen werden aufgebaut</translation>
    </message>
    <message>
        <source>drawing subnets</source>
        <translation>Subnetze werden gezogen</translation>
    </message>
    <message>
        <source>predicting them</source>
        <translation>sie werden vorhergesagt</translation>
    </message>
    <message>
        <source>reading and checking: %1</source>
        <translation>wird gelesen und geprüft: %1</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>%1 wird geöffnet</translation>
    </message>
    <message>
        <source>&lt;b&gt;%1 could not be opened.&lt;/b&gt;&lt;br&gt;%2&lt;br&gt;Nothing was changed. Another bundle can be opened below.</source>
        <translation>&lt;b&gt;%1 ließ sich nicht öffnen.&lt;/b&gt;&lt;br&gt;%2&lt;br&gt;Nichts wurde verändert. Unten lässt sich ein anderes Bündel öffnen.</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
    <message>
        <source>What happened, what it means, and what to do</source>
        <translation>Was geschehen ist, was es bedeutet und was zu tun ist</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>Bericht kopieren</translation>
    </message>
    <message>
        <source>As text, with version, bundle and question, to send to somebody who can help</source>
        <translation>Als Text mit Version, Bündel und Frage, um ihn jemandem zu schicken, der helfen kann</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::StatusLine</name>
    <message>
        <source>Stop what runs</source>
        <translation>Anhalten, was läuft</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Share of the search that is done</source>
        <translation>Erledigter Anteil der Suche</translation>
    </message>
    <message>
        <source>Course of the hypervolume</source>
        <translation>Verlauf des Hypervolumens</translation>
    </message>
    <message>
        <source>Course of the hypervolume: flat where nothing better is found any more</source>
        <translation>Verlauf des Hypervolumens: flach, wo nichts Besseres mehr gefunden wird</translation>
    </message>
    <message>
        <source>Searching · %1 subnets · %2 s</source>
        <translation>Suche · %1 Subnetze · %2 s</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>%1 s left</source>
        <translation>noch %1 s</translation>
    </message>
    <message>
        <source>hypervolume %1</source>
        <translation>Hypervolumen %1</translation>
    </message>
    <message>
        <source>%1 · hypervolume %2 · %3 ms</source>
        <translation>%1 · Hypervolumen %2 · %3 ms</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>Figures for the new device or grid are being computed</source>
        <translation>Die Zahlen für das neue Gerät oder Stromnetz werden berechnet</translation>
    </message>
    <message>
        <source>⚠ No subnet satisfies the limits</source>
        <translation>⚠ Kein Subnetz hält die Grenzen ein</translation>
    </message>
    <message>
        <source>⚠ %1</source>
        <translation>⚠ %1</translation>
    </message>
    <message numerus="yes">
        <source>%n issue(s): show them</source>
        <translation>
            <numerusform>%n Meldung: zeigen</numerusform>
            <numerusform>%n Meldungen: zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>What is shown is of another device or grid: search again</source>
        <translation>Gezeigt wird der Stand eines anderen Geräts oder Stromnetzes: Suchen Sie erneut</translation>
    </message>
    <message>
        <source>Search, or move a limit</source>
        <translation>Suchen Sie, oder bewegen Sie eine Grenze</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::SubnetCard</name>
    <message>
        <source>Unpin</source>
        <translation>Lösen</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>Anheften</translation>
    </message>
    <message>
        <source>Subnet</source>
        <translation>Subnetz</translation>
    </message>
    <message>
        <source>Click a subnet in the plot</source>
        <translation>Klicken Sie im Diagramm auf ein Subnetz</translation>
    </message>
    <message>
        <source>Selected</source>
        <translation>Ausgewählt</translation>
    </message>
    <message>
        <source>★ Suggested · knee of the front</source>
        <translation>★ Vorschlag · Knie der Front</translation>
    </message>
    <message>
        <source>± %1 top-1</source>
        <translation>± %1 Top-1</translation>
    </message>
    <message>
        <source>top-1</source>
        <translation>Top-1</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Nothing is known of it on this device</source>
        <translation>Auf diesem Gerät ist darüber nichts bekannt</translation>
    </message>
    <message>
        <source>height: expansion · shade: kernel · resolution %1</source>
        <translation>Höhe: Expansion · Tönung: Kern · Auflösung %1</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren …</translation>
    </message>
    <message>
        <source>Writes this subnet as files: weights, configuration, model card</source>
        <translation>Schreibt dieses Subnetz als Dateien: Gewichte, Konfiguration, Modellkarte</translation>
    </message>
    <message>
        <source>Second opinion (MLP): %1</source>
        <translation>Zweite Meinung (MLP): %1</translation>
    </message>
    <message>
        <source>Keeps this subnet beside others</source>
        <translation>Behält dieses Subnetz neben anderen</translation>
    </message>
    <message numerus="yes">
        <source>%n other(s) of the front cannot be told apart from it</source>
        <translation>
            <numerusform>%n anderes der Front lässt sich nicht davon unterscheiden</numerusform>
            <numerusform>%n andere der Front lassen sich nicht davon unterscheiden</numerusform>
        </translation>
    </message>
    <message>
        <source>the cheapest, %1</source>
        <translation>das günstigste, %1</translation>
    </message>
    <message>
        <source>Their predicted top-1 lies within the 90 % interval of this one&apos;s. The cheapest of them may be as good.</source>
        <translation>Ihre vorhergesagte Top-1-Genauigkeit liegt innerhalb des 90-%-Intervalls von diesem. Das günstigste davon ist vielleicht ebenso gut.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::SubnetTableModel</name>
    <message>
        <source>front</source>
        <translation>Front</translation>
    </message>
    <message>
        <source>feasible</source>
        <translation>zulässig</translation>
    </message>
    <message>
        <source>infeasible</source>
        <translation>unzulässig</translation>
    </message>
    <message>
        <source>%1, pin %2</source>
        <translation>%1, angeheftet als %2</translation>
    </message>
    <message>
        <source>misses the limit of %1: %2</source>
        <translation>verfehlt die Grenze für %1: %2</translation>
    </message>
    <message>
        <source>Nothing is known of it</source>
        <translation>Darüber ist nichts bekannt</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>Zeichen</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 auf %2</translation>
    </message>
    <message>
        <source>Resolution</source>
        <translation>Auflösung</translation>
    </message>
    <message>
        <source>Depths</source>
        <translation>Tiefen</translation>
    </message>
    <message>
        <source>Widths</source>
        <translation>Breiten</translation>
    </message>
    <message>
        <source>Kernels</source>
        <translation>Kerne</translation>
    </message>
    <message>
        <source>Expansions</source>
        <translation>Expansionen</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
    <message>
        <source>◆ front, ● satisfies all limits, ○ misses a limit; the letter of a pin</source>
        <translation>◆ Front, ● hält alle Grenzen ein, ○ verfehlt eine Grenze; Buchstabe: angeheftet</translation>
    </message>
    <message>
        <source>Width and height of the image in pixels</source>
        <translation>Breite und Höhe des Bildes in Pixeln</translation>
    </message>
    <message>
        <source>Depth of each stage</source>
        <translation>Tiefe jeder Stufe</translation>
    </message>
    <message>
        <source>Width choice of each stage</source>
        <translation>Gewählte Breite jeder Stufe</translation>
    </message>
    <message>
        <source>Kernel of each block, stage by stage</source>
        <translation>Kern jedes Blocks, Stufe für Stufe</translation>
    </message>
    <message>
        <source>Expansion of each block, stage by stage</source>
        <translation>Expansion jedes Blocks, Stufe für Stufe</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::TableView</name>
    <message>
        <source>Table of subnets</source>
        <translation>Tabelle der Subnetze</translation>
    </message>
    <message numerus="yes">
        <source>%n subnet(s)</source>
        <translation>
            <numerusform>%n Subnetz</numerusform>
            <numerusform>%n Subnetze</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy as table</source>
        <translation>Als Tabelle kopieren</translation>
    </message>
    <message>
        <source>Pin or unpin</source>
        <translation>Anheften oder lösen</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>No subnet is left: the filter, a brush or the View menu hides them all.</source>
        <translation>Kein Subnetz ist übrig: Der Filter, ein Bereich oder das Menü Ansicht blendet alle aus.</translation>
    </message>
    <message>
        <source>Nothing is open.</source>
        <translation>Nichts ist geöffnet.</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::TradeoffPlot</name>
    <message>
        <source>Trade-off of %1 and %2</source>
        <translation>Abwägung von %1 und %2</translation>
    </message>
    <message>
        <source>%1 on %2 (%3)</source>
        <translation>%1 auf %2 (%3)</translation>
    </message>
    <message>
        <source>This bundle has no accuracy predictor: top-1 is not known,
and no front can be drawn.
Fit one with “paretoscope-cli fit-predictor”, or open another bundle.</source>
        <translation>Dieses Bündel hat keine Vorhersage der Genauigkeit: Top-1 ist nicht bekannt,
und es lässt sich keine Front zeichnen.
Passen Sie eine mit „paretoscope-cli fit-predictor“ an, oder öffnen Sie ein anderes Bündel.</translation>
    </message>
    <message>
        <source>%1 is not known.</source>
        <translation>%1 ist nicht bekannt.</translation>
    </message>
    <message>
        <source>%1 is not known on this device.
Choose another axis or another device.</source>
        <translation>%1 ist auf diesem Gerät nicht bekannt.
Wählen Sie eine andere Achse oder ein anderes Gerät.</translation>
    </message>
    <message>
        <source>Limit %1</source>
        <translation>%1 begrenzen</translation>
    </message>
    <message>
        <source>Nothing is open.</source>
        <translation>Nichts ist geöffnet.</translation>
    </message>
    <message numerus="yes">
        <source>%n sampled subnet(s), nothing searched yet.</source>
        <translation>
            <numerusform>%n gezogenes Subnetz, noch nichts gesucht.</numerusform>
            <numerusform>%n gezogene Subnetze, noch nichts gesucht.</numerusform>
        </translation>
    </message>
    <message>
        <source>No subnet satisfies the limits.</source>
        <translation>Kein Subnetz hält die Grenzen ein.</translation>
    </message>
    <message numerus="yes">
        <source>A front of %n subnet(s), from %1 at %2 to %3 at %4.</source>
        <translation>
            <numerusform>Eine Front aus %n Subnetz, von %1 bei %2 bis %3 bei %4.</numerusform>
            <numerusform>Eine Front aus %n Subnetzen, von %1 bei %2 bis %3 bei %4.</numerusform>
        </translation>
    </message>
    <message>
        <source>Brush %1 and %2</source>
        <translation>%1 und %2 eingrenzen</translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::WindowFiles</name>
    <message>
        <source>Open a bundle or a session</source>
        <translation>Ein Bündel oder eine Sitzung öffnen</translation>
    </message>
    <message>
        <source>Bundles and sessions (bundle.json *.zip *%1)</source>
        <translation>Bündel und Sitzungen (bundle.json *.zip *%1)</translation>
    </message>
    <message>
        <source>Save the session</source>
        <translation>Sitzung speichern</translation>
    </message>
    <message>
        <source>session</source>
        <translation>sitzung</translation>
    </message>
    <message>
        <source>Sessions (*%1)</source>
        <translation>Sitzungen (*%1)</translation>
    </message>
    <message>
        <source>The session was not saved</source>
        <translation>Die Sitzung wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>The file is as it was before.</source>
        <translation>Die Datei ist, wie sie vorher war.</translation>
    </message>
    <message>
        <source>Save it at another place.</source>
        <translation>Speichern Sie an einem anderen Ort.</translation>
    </message>
    <message>
        <source>Save the picture</source>
        <translation>Bild speichern</translation>
    </message>
    <message>
        <source>picture</source>
        <translation>bild</translation>
    </message>
    <message>
        <source>The picture was not saved</source>
        <translation>Das Bild wurde nicht gespeichert</translation>
    </message>
    <message>
        <source>There is no such file, or it is as it was before.</source>
        <translation>Es gibt keine solche Datei, oder sie ist, wie sie vorher war.</translation>
    </message>
</context>
</TS>
