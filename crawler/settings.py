"""Scrapy settings. Every one that is not the default says why."""

BOT_NAME = "nianbao"
SPIDER_MODULES = ["crawler.spiders"]
ADDONS: dict[str, int] = {}

# Politeness: reference/portals.md, 1.7. High parallelism made 900 false "unreachable" results in one survey.
ROBOTSTXT_OBEY = True
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one connection per host; hosts on one address share a slot of one request
PATIENCE = 600.0  # seconds: so long a crawl that has nothing else to do waits for a host that asked for time
DOWNLOAD_DELAY = 2.0  # seconds between requests to one host; a portal's row may say another
DOWNLOAD_DELAY_JITTER = 0  # Scrapy's jitter goes below the delay; ours only adds (crawler.politeness)
AUTOTHROTTLE_ENABLED = True  # slow servers are asked less often
AUTOTHROTTLE_START_DELAY = 0  # the portal's own delay is the start
AUTOTHROTTLE_MAX_DELAY = 60.0  # or the portal's own delay, where that is longer
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
DOWNLOAD_TIMEOUT = 60  # county servers answer within 10 s or not at all; 180 s would hold a host for nothing
DOWNLOAD_MAXSIZE = 80 * 2**20  # bytes: the largest scanned bundle seen has 60 MB; a body is in memory while it comes
DOWNLOAD_WARNSIZE = 0  # what is too large is a row of its own
RETRY_TIMES = 1  # one more try; the next crawl comes anyway, and a storm helps nobody
RETRY_HTTP_CODES = [408, 500, 502, 504]  # 503 and 429 mean "not now": the host is left alone (crawler.rests)
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # it is a row, not a line on the screen
REDIRECT_MAX_TIMES = 5  # 20 make 1,200 requests of 60 loops
METAREFRESH_ENABLED = False  # challenge pages use it; a column that moved so is found by the survey
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False  # Scrapy 2.19 opens a port by which any program on the machine may steer the crawl
LOG_LEVEL = "ERROR"  # what went wrong is in the tables `url` and `failure`, and in `nianbao status`

CONCURRENT_ITEMS = 8  # the default of 100 starts about 100 tasks per response and halves the speed
CONCURRENT_REQUESTS = 256  # requests waiting for their host's delay count: it must exceed the number of hosts

DOWNLOADER = "crawler.downloader.PoliteDownloader"  # slots by address, not by host name
DOWNLOAD_HANDLERS: dict[str, str | None] = {
    **dict.fromkeys(("http", "https"), "crawler.downloader.Handler"),
    **dict.fromkeys(("data", "file", "ftp", "s3")),  # no portal is read by any other scheme
}
HTTPPROXY_ENABLED = False  # a proxy would look names up itself, and connect to addresses that nobody has judged
SCHEDULER = "crawler.frontier.Frontier"  # the table `url`: nothing is lost when the process is killed
DOWNLOADER_MIDDLEWARES = {
    "crawler.politeness.KnownHosts": 10,  # before robots.txt is asked for
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.robots.Robots": 100,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # KnownHosts lets attachments through
    "crawler.transfers.Limits": 20,  # before the defaults of time and size
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.transfers.Decoding": 590,  # takes a body that is cut for broken, where Scrapy takes what it got
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.transfers.Redirects": 600,  # ends loops at their first turn
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "crawler.transfers.Cookies": 700,  # with a browser's limits
    "crawler.downloader.OtherWays": 560,  # inside of the retries: another address, weaker TLS
    "crawler.politeness.RetryAfter": 990,  # what was asked for is on record before it is obeyed
    "crawler.recorder.RecorderMiddleware": 1000,  # nearest to the network: bodies still encoded, every hop and retry
}
SPIDER_MIDDLEWARES = {
    "crawler.commit.Commit": 10,  # nearest to the engine: sees all that a callback gave
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,  # every status reaches the callback
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,  # crawler.pages has a limit
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # nothing asks for the depth
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # looks for a mistake of spiders that ours do not make
}
EXTENSIONS_BASE = {  # without those that are off here: Scrapy imports each (conch, aiohttp) before it looks, a fifth of a second
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.spiderstate.SpiderState": 0,
}
EXTENSIONS = {"crawler.politeness.Throttle": 0}
REQUEST_FINGERPRINTER_CLASS = "scrapy.utils.request.RequestFingerprinter"
