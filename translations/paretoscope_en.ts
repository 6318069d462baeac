<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>Device</name>
    <message numerus="yes">
        <source>%n thread(s)</source>
        <translation>
            <numerusform>%n thread</numerusform>
            <numerusform>%n threads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::StatusLine</name>
    <message numerus="yes">
        <source>%n issue(s): show them</source>
        <translation>
            <numerusform>%n issue: show it</numerusform>
            <numerusform>%n issues: show them</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::SubnetCard</name>
    <message numerus="yes">
        <source>%n other(s) of the front cannot be told apart from it</source>
        <translation>
            <numerusform>%n other of the front cannot be told apart from it</numerusform>
            <numerusform>%n others of the front cannot be told apart from it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::TableView</name>
    <message numerus="yes">
        <source>%n subnet(s)</source>
        <translation>
            <numerusform>%n subnet</numerusform>
            <numerusform>%n subnets</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>paretoscope::desktop::TradeoffPlot</name>
    <message numerus="yes">
        <source>%n sampled subnet(s), nothing searched yet.</source>
        <translation>
            <numerusform>%n sampled subnet, nothing searched yet.</numerusform>
            <numerusform>%n sampled subnets, nothing searched yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A front of %n subnet(s), from %1 at %2 to %3 at %4.</source>
        <translation>
            <numerusform>A front of %n subnet, from %1 at %2 to %3 at %4.</numerusform>
            <numerusform>A front of %n subnets, from %1 at %2 to %3 at %4.</numerusform>
        </translation>
    </message>
</context>
</TS>
