const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** Words that ask for nothing by themselves. */
export const plainWords = new Set(
  words(`a an the and or of to for with by via in on at from as into over per through it its it's this that these those which who whom whose there their they them he she his her
    is are be been being was were has have having had do does did can could may might must shall should will would need needs
    whether consist consists consisting comprise comprises comprising described by made up
    when while if where then whenever both each every any all some such same so
    api apis service app application server system backend endpoint endpoints route routes resource resources http rest restful json web
    request requests requested requesting response responses answer answers answered answering reply replies respond responds responding return returns returned returning give gives given giving get gets
    send sends sent sending receive receives received call calls called provide provides provided providing offer offers support supports supported allow allows allowed let lets enable enables
    expose exposes exposed accept accepts accepted contain contains containing include includes including carry carries carrying make makes use uses used using available possible able
    client clients caller callers consumer consumers user users people person anyone visitor visitors i we you us me
    status code codes http body bodies value values field fields name names named id ids identifier object objects data record records entry entries item items thing things attribute attributes property properties
    operation operations method methods functionality feature features basic standard full new existing given specific particular single individual one own successful successfully success
    following least total what stored store stores storing keep keeps kept save saves saved known correct right correctly proper properly`),
);

/** Words around a refusal. */
export const refusalWords = new Set(
  words(
    'reject rejects rejected rejecting refuse refuses refused deny denies denied error errors message messages fail fails fails cannot naming invalid missing nothing which not valid wrong try tries trying attempt attempts',
  ),
);

/** Words around accounts and tokens. */
export const accountWords = new Set(
  words(
    'account accounts password passwords credentials header headers authorization bearer token tokens jwt jwts json web authenticated authentication auth signed valid logged only salted stored protected access',
  ),
);

/** Words of README, licence and tests. */
export const paperWords = new Set(
  words(
    'project file files repository repo says explains explain describes describe documents documented how start starts run runs test tests call instructions usage set up setup install its pass passes passing suite come comes deliver delivered green example lists list unless otherwise says listen listens listening running default development',
  ),
);

/** Words that a prompt is made of and that ask for nothing that could be tested. */
export const promptWords = new Set(
  words(`build builds building create creates make write develop implement generate design scaffold set up want wants need please like would could let's lets i'd i'm my our me us your
    simple small tiny little nice clean basic minimal minimalistic good great modern robust solid complete full personal home own production production-ready production-minded production-grade idiomatic well-structured structured quality
    proper usual typical standard crud manage manages managing management track tracks tracking handle handles handling maintain maintains keep organise organize inventory catalog catalogue collection list database registry archive
    project program backend microservice called named with plus as well entities entity model models resources following fields in flask python python3 node nodejs node.js typescript javascript rest api apis express nestjs nest fastify koa hono
    schema schemas table tables interface class entity this
    about where things new stuff simple-to-use easy lightweight`),
);
