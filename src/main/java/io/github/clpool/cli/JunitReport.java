package io.github.clpool.cli;

import io.github.clpool.parity.Outcome;
import io.github.clpool.parity.ParityReport;
import java.io.StringWriter;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * What a comparison found, in the XML of JUnit that build servers read: a test case for each
 * operator, implementation and device. Stateless.
 */
final class JunitReport {
  private JunitReport() {}

  static String text(ParityReport report) {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      suite(report, xml);
      xml.writeEndDocument();
      xml.flush();
    } catch (XMLStreamException impossible) {
      throw new IllegalStateException(impossible);
    }
    return text.append('\n').toString();
  }

  private static void suite(ParityReport report, XMLStreamWriter xml) throws XMLStreamException {
    long failed = report.rows().stream().filter(row -> row.mismatches() > 0).count();
    start(xml, "testsuite", "name", "clpool parity", "tests", report.rows().size());
    attributes(xml, "failures", failed, "errors", 0, "skipped", 0);
    start(xml, "properties");
    start(xml, "property", "name", "seed", "value", report.seed());
    xml.writeEndElement();
    start(xml, "property", "name", "cases", "value", report.cases());
    xml.writeEndElement();
    start(xml, "property", "name", "refused", "value", report.refused());
    xml.writeEndElement();
    xml.writeEndElement();
    for (ParityReport.Row row : report.rows()) {
      start(xml, "testcase", "classname", row.device());
      attributes(xml, "name", row.operator() + " by " + row.implementation());
      if (row.mismatches() > 0) {
        start(xml, "failure", "type", "parity");
        attributes(xml, "message", row.mismatches() + " of " + row.checks() + " checks differ");
        for (Outcome failure : report.failures()) {
          if (row.isOf(failure)) {
            xml.writeCharacters(failure + "\nagain: " + failure.command() + "\n");
          }
        }
        xml.writeEndElement();
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static void start(XMLStreamWriter xml, String element, Object... attributes)
      throws XMLStreamException {
    xml.writeStartElement(element);
    attributes(xml, attributes);
  }

  private static void attributes(XMLStreamWriter xml, Object... attributes)
      throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      xml.writeAttribute(String.valueOf(attributes[i]), String.valueOf(attributes[i + 1]));
    }
  }
}
