import Testing

@testable import S3Store

@Suite struct XMLTreeTests {
    private func tree(_ text: String) -> XMLTree? { XMLTree(Array(text.utf8)) }

    @Test func aListingIsRead() {
        let list = tree(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>team</Name>
            <Contents><Key>a&amp;b&#233;&#x41;</Key><Size>3</Size><ETag>&quot;1f&quot;</ETag></Contents>
            <Contents><Key>c</Key><Size>4</Size></Contents><Prefix/></ListBucketResult>

            """)
        #expect(list?.name == "ListBucketResult")
        #expect(list?["Name"] == "team")
        #expect(list?.all("Contents").map { $0["Key"] } == ["a&béA", "c"])
        #expect(list?.all("Contents").first?["ETag"] == "\"1f\"")
        #expect(list?["Prefix"] == "")
    }

    @Test func aPrefixOfANamespaceIsDropped() {
        #expect(tree("<s3:Error xmlns:s3='x'><s3:Code>SlowDown</s3:Code></s3:Error>")?["Code"] == "SlowDown")
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a/><b/>", "<a>&unknown;</a>", "<a>&#xD800;</a>", "<a b></a>", "<a b=c></a>",
        "<a><!-- </a>", "<?xml", "<a>&amp</a>", "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a><![CDATA[x]]></a>",
    ])
    func whatIsNotWellFormedIsRefused(_ text: String) {
        #expect(tree(text) == nil)
    }

    @Test func depthIsBounded() {
        let deep = 20_000
        #expect(tree(String(repeating: "<a>", count: deep) + String(repeating: "</a>", count: deep)) == nil)
    }

    @Test func theNumberOfElementsIsBounded() {
        #expect(tree("<a>" + String(repeating: "<b/>", count: 200_001) + "</a>") == nil)
    }

    @Test func bytesThatAreNoTextAreRefused() {
        #expect(XMLTree(Array("<a>".utf8) + [0xFF, 0xFE] + Array("</a>".utf8)) == nil)
    }
}
