import DatacubeStorage
import Logging
import Synchronization
import TestSupport
import Testing

@Suite struct CatalogueClientTests {
    private static let landingPage =
        "{\"links\": [{\"rel\": \"child\", \"href\": \"https://h/collections/sentinel-2-l1c\"}]}"

    /// An item of a day in June 2024, at a time of that day.
    private static func item(
        _ day: Int,
        _ time: String = "09:50:31.024Z",
        baseline: Int = 510,
        tile: String = "35VLH",
        datastrip: String = "S20240601T095031"
    ) -> String {
        let day = day < 10 ? "0\(day)" : "\(day)"
        let name = "S2A_MSIL1C_202406\(day)T095031_N0\(baseline)_R079_T\(tile)_20240611T103102"
        return """
            {"id": "\(name)", "properties": {"datetime": "2024-06-\(day)T\(time)",
             "eopf:datastrip_id": "S2A_OPER_MSI_L1C_DS_2APS_20240611T103102_\(datastrip)_N05.10"},
             "links": [{"rel": "enclosure", "href": "s3://eodata/\(name).SAFE/"}], "assets": {}}
            """
    }

    private static func page(_ items: [String], next token: String? = nil) -> LoopbackServer.Action {
        let link = token.map { "{\"rel\": \"next\", \"method\": \"POST\", \"body\": {\"token\": \"\($0)\"}}" } ?? ""
        return .answer(
            200,
            text:
                "{\"type\": \"FeatureCollection\", \"features\": [\(items.joined(separator: ","))], \"links\": [\(link)]}"
        )
    }

    /// A server that answers searches one after the other, the last answer again and again.
    private func server(_ answers: [[LoopbackServer.Action]], landingPage: String = landingPage) throws
        -> LoopbackServer
    {
        let next = Mutex(0)
        return try LoopbackServer { request, _ in
            guard request.path == "/v1/search" else { return [.answer(200, text: landingPage)] }
            return next.withLock { number in
                defer { number = min(number + 1, answers.count - 1) }
                return answers[number]
            }
        }
    }

    /// A page with a token that was never given before, again and again; a day of one tile fits into far fewer pages.
    @Test func pagesWithoutEndAreNotFollowed() throws {
        let server = try LoopbackServer { request, number in
            guard request.path == "/v1/search" else { return [.answer(200, text: Self.landingPage)] }
            return [Self.page([Self.item(1 + number % 28)], next: "token\(number)")]
        }
        let error = #expect(throws: PipelineError.self) { try search(server) }
        #expect(error?.code == .corrupt && error?.message.contains("300 pages") == true)
        #expect(server.requests.count < 310)
    }

    private func search(_ server: LoopbackServer) throws -> STACAnswer {
        let client = STACClient(
            url: server.url + "/v1/",
            http: try HTTPClient(limits: ConnectionLimits(total: 2)),
            log: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            retryPolicy: .fast
        )
        let (start, end) = (Timestamp(iso8601: "2024-06-01T00:00:00Z"), Timestamp(iso8601: "2024-07-01T00:00:00Z"))
        return try client.search(tile: "35VLH", from: #require(start), until: #require(end))
    }

    private func bodies(_ server: LoopbackServer) throws -> [JSONValue] {
        try server.requests.filter { $0.method == "POST" }.map { try JSONValue(parsing: $0.body, named: "body") }
    }

    @Test func pagesAreReadToTheEndInAStableOrder() throws {
        let pages = [
            [Self.page([Self.item(9), Self.item(3)], next: "t1")], [Self.page([], next: "t2")],
            [Self.page([Self.item(3), Self.item(5)])],
        ]
        let server = try server(pages)
        #expect(try search(server).items.map { "\($0.time)".prefix(10) } == ["2024-06-03", "2024-06-05", "2024-06-09"])
        let bodies = try bodies(server)
        #expect(bodies.map { $0["token"]?.stringValue } == [nil, "t1", "t2"])
        // The token travels inside the whole request.
        #expect(Set(bodies.map { $0["filter"]?.serialized() ?? "" }).count == 1)
        #expect(bodies.allSatisfy { $0["sortby"] == nil && $0["collections"] == ["sentinel-2-l1c"] })
        #expect(bodies[0]["filter"]?["args"]?[0] == ["op": "=", "args": [["property": "grid:code"], "MGRS-35VLH"]])
        #expect(bodies[0]["filter"]?["args"]?[2]?["op"] == "<")
    }

    @Test func theEndOfTheIntervalIsNotPartOfIt() throws {
        let items = [Self.item(1, "00:00:00Z"), Self.item(30, "23:59:59.999Z"), Self.item(2, tile: "35VMH")]
        let outside = Self.item(30, "00:00:00Z").replacing("2024-06-30T", with: "2024-07-01T")
        #expect(
            try search(server([[Self.page(items + [outside])]])).items.map(\.name.datatakeStart) == [
                "20240601T095031", "20240630T095031",
            ]
        )
    }

    @Test func reprocessingsAndPiecesAreToldApart() throws {
        let answer = try search(
            server([
                [
                    Self.page([
                        Self.item(3), Self.item(3, baseline: 511),
                        Self.item(3, baseline: 509, datastrip: "S20240603T100000"),
                    ])
                ]
            ])
        )
        #expect(answer.items.map(\.name.baseline) == [509, 511])
        #expect(answer.superseded.map(\.name.baseline) == [510])
    }

    /// Of whatever level they are.
    @Test func itemsOfAnotherTileDecideNothing() throws {
        let other = "{\"id\": \"S2A_MSIL2A_20240603T095031_N0510_R079_T35VMH_20240611T103102\"}"
        let answer = try search(server([[Self.page([Self.item(3), other, Self.item(4, tile: "35VLG")])]]))
        #expect(answer.items.count == 1 && answer.refusals == [])
    }

    @Test func itemsThatCannotBeFetchedAreNamed() throws {
        let answer = try search(
            server([
                [Self.page([Self.item(3), "{\"id\": \"S2A_MSIL2A_x\"}", Self.item(4).replacing("s3:", with: "ftp:")])]
            ])
        )
        #expect(answer.items.count == 1)
        #expect(answer.refusals.count == 2)
    }

    @Test(
        arguments: [
            [.answer(500, ["Content-Type": "text/plain"], text: "Internal Server Error"), .close], [.reset],
            [.answer(429, ["Retry-After": "0"])], [.answer(200, text: "<html>")],
            [.answer(200, text: "{\"features\": [")],
        ] as [[LoopbackServer.Action]]
    )
    func passingFailuresAreRetried(_ fault: [LoopbackServer.Action]) throws {
        let server = try server([fault, [.reset], [Self.page([Self.item(3)])]])
        #expect(try search(server).items.count == 1)
        #expect(try bodies(server).count == 3)
    }

    @Test func aWorthlessTokenStartsTheSearchAgain() throws {
        let failures = Array(repeating: [LoopbackServer.Action.answer(500)], count: 5)
        let server = try server([[Self.page([Self.item(3)], next: "t")]] + failures + [[Self.page([Self.item(4)])]])
        #expect(try search(server).items.map(\.name.datatakeStart) == ["20240604T095031"])
    }

    @Test(
        arguments: [
            ([.answer(400, text: "{\"detail\": \"bad\"}")], PipelineError.Code.unsupported, 1),
            ([.answer(200, text: "{}")], .corrupt, 1), ([.answer(200, text: "nonsense")], .corrupt, 3),
            ([.answer(500)], .unavailable, 10), ([.answer(404)], .notFound, 1),
            (
                [.answer(200, text: "{\"features\": [], \"links\": [{\"rel\": \"next\", \"href\": \"x\"}]}")], .corrupt,
                1
            ),
            ([page([item(3)], next: "same")], .corrupt, 2),
        ] as [([LoopbackServer.Action], PipelineError.Code, Int)]
    )
    func lastingFailuresAreNamed(_ fault: [LoopbackServer.Action], _ code: PipelineError.Code, _ requests: Int) throws {
        let server = try server([fault])
        #expect { try search(server) } throws: { error in
            (error as? PipelineError)?.code == code && !"\(error)".contains("\n")
        }
        #expect(try bodies(server).count == requests)
    }

    @Test func theLegacyCatalogueIsAskedInItsOwnWords() throws {
        let server = try server(
            [[Self.page([Self.item(3)])]],
            landingPage: "{\"links\": [{\"rel\": \"child\", \"href\": \"https://h/stac/collections/SENTINEL-2\"}]}"
        )
        #expect(try search(server).items.count == 1)
        let body = try #require(try bodies(server).first)
        #expect(body["collections"] == ["SENTINEL-2"])
        #expect(body["filter"]?["args"]?[0] == ["op": "=", "args": [["property": "tileId"], "35VLH"]])
    }
}
